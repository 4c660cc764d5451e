# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_bango_ent_global_optspecs
    string join \n json profile= sandbox base-url= dry-run request-id= timeout= retries= ca-cert= v/verbose log-file= q/quiet color= h/help V/version
end

function __fish_bango_ent_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_bango_ent_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_bango_ent_using_subcommand
    set -l cmd (__fish_bango_ent_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c bango-ent -n "__fish_bango_ent_needs_command" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -s V -l version -d 'Print version'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "create" -d 'Ask a merchant, through Bango, to activate a service for a user'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "get" -d 'Read one entitlement'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "list" -d 'List the entitlements of a user'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "update" -d 'Change fields of an entitlement'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "suspend" -d 'Pause the user\'s access'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "resume" -d 'Give a suspended user access again'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "cancel" -d 'End an entitlement at the end of the paid period'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "revoke" -d 'End an entitlement at once'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "wait" -d 'Wait until an entitlement is in a status'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "activation-url" -d 'Ask for a fresh registration URL'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "batch" -d 'Send one request for each row of a file, each exactly once'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "echo" -d 'Ask whether the service is there'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "api" -d 'Send any request to the API'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "listen" -d 'Receive Bango\'s notifications: show, save, forward or act on them'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "sandbox" -d 'Run a local imitation of the Bango Platform, to try everything without an account'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "auth" -d 'Set up credentials, look at them, forget them'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "profile" -d 'List, choose and remove profiles'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "doctor" -d 'Look for what keeps the tool from reaching Bango'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "explain" -d 'Explain a response code, status, exit code or reason; offline'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "generate" -d 'Write completions, man pages and reference docs below a folder'
complete -c bango-ent -n "__fish_bango_ent_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l user -d 'Your own, lasting id of the user (customerIdentifier)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l merchant -d 'The merchant, as issued by Bango; case matters (merchantAccountKey) [default: the profile\'s]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l product -d 'The service, as issued by Bango; case matters (productKey) [default: the profile\'s]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l offer -d 'The offer, where one applies (offerKey)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l notification-url -d 'Where Bango posts changes of the entitlement (notificationUrl) [default: the profile\'s]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l entitlement-id -d 'Your own id for the entitlement; Bango recommends to leave it out (entitlementId)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l display-name -d 'A name that a user may see (entitlementDisplayName)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l expires -d 'When Bango ends it for you: ISO 8601; a date is its first moment in UTC (dateExpiry)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l extension-data -d 'Data kept with it: JSON text, @FILE, or - for standard input (extensionData)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l field -d 'A body field without a flag of its own: name=text or name:=json; may be repeated' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l wait -d 'Wait until the user has registered, at most this long [default: 10m]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l browser -d 'Open the registration URL, wherever this runs'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l no-browser -d 'Never open the registration URL'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l qr -d 'Draw the registration URL as a QR code on standard error'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l require-active -d 'End with exit code 8 unless the entitlement is ACTIVE'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand get" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l user -d 'Your own id of the user (customerIdentifier)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l product -d 'Of this product only (productKey)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l status -d 'In this status only' -r -f -a "PENDING\t''
ACTIVE\t''
ACTIVE-ENDING\t''
SUSPENDED\t''
CANCELLED\t''
REVOKED\t''
FAILED\t''"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l product -d 'Another product (productKey)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l notification-url -d 'Another place for notifications (notificationUrl)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l expires -d 'Another end: ISO 8601; a date is its first moment in UTC (dateExpiry)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l extension-data -d 'Other data kept with it: JSON text, @FILE, or - for standard input (extensionData)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l user -d 'Another id of the user (customerIdentifier)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l field -d 'A body field without a flag of its own: name=text or name:=json; may be repeated' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l browser -d 'Open the registration URL, wherever this runs'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l no-browser -d 'Never open the registration URL'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l qr -d 'Draw the registration URL as a QR code on standard error'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l require-active -d 'End with exit code 8 unless the entitlement is ACTIVE'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand update" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l benefits -d 'The value that suspends (entitlementBenefits); not documented by Bango' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand suspend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l reason -d 'Why: category and code; one that is not listed is sent with a note' -r -f -a "CUSTOMER_CANCELLED/NOT_RENEWED\t'the customer did not renew'
CUSTOMER_CANCELLED/CHANGED_SERVICE\t'the customer changed to another service'
CUSTOMER_CANCELLED/SUBSCRIPTION_CANCELLED\t'the customer cancelled the subscription'
CUSTOMER_CANCELLED/ADDON_CANCELLED\t'the customer cancelled an add-on'
CUSTOMER_CANCELLED/EXPIRED\t'the service ran out'
CUSTOMER_CANCELLED/OTHER\t'the customer ended it for another reason'
REVOKED/ACCOUNT_TERMINATED\t'the customer\'s account was closed'
REVOKED/SUSPEND_TERMINATED\t'ended after a suspension'
REVOKED/ERROR\t'given in error'
REVOKED/FRAUD\t'fraud'
REVOKED/IMMEDIATE_CANCELLATION\t'cancelled with immediate effect'
REVOKED/OTHER\t'taken away for another reason'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l description -d 'Why, in your own words (cancelReasonDescription)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -s y -l yes -d 'Do not ask for confirmation'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand cancel" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l reason -d 'Why: category and code; one that is not listed is sent with a note' -r -f -a "CUSTOMER_CANCELLED/NOT_RENEWED\t'the customer did not renew'
CUSTOMER_CANCELLED/CHANGED_SERVICE\t'the customer changed to another service'
CUSTOMER_CANCELLED/SUBSCRIPTION_CANCELLED\t'the customer cancelled the subscription'
CUSTOMER_CANCELLED/ADDON_CANCELLED\t'the customer cancelled an add-on'
CUSTOMER_CANCELLED/EXPIRED\t'the service ran out'
CUSTOMER_CANCELLED/OTHER\t'the customer ended it for another reason'
REVOKED/ACCOUNT_TERMINATED\t'the customer\'s account was closed'
REVOKED/SUSPEND_TERMINATED\t'ended after a suspension'
REVOKED/ERROR\t'given in error'
REVOKED/FRAUD\t'fraud'
REVOKED/IMMEDIATE_CANCELLATION\t'cancelled with immediate effect'
REVOKED/OTHER\t'taken away for another reason'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l description -d 'Why, in your own words (cancelReasonDescription)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -s y -l yes -d 'Do not ask for confirmation'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l for -d 'The status to wait for' -r -f -a "PENDING\t''
ACTIVE\t''
ACTIVE-ENDING\t''
SUSPENDED\t''
CANCELLED\t''
REVOKED\t''"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l timeout -d 'Give up after this time' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l interval -d 'Read it this often at first, then more and more rarely' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l browser -d 'Open the registration URL, wherever this runs'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l no-browser -d 'Never open the registration URL'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l qr -d 'Draw the registration URL as a QR code on standard error'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand activation-url" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l format -d 'How the rows are written [default: by the file\'s name]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l shard -d 'Take only the I-th of N equal shares of the rows; with N alone, I is `JOB_COMPLETION_INDEX` + 1' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l action -d 'What a row asks for that does not say' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l merchant -d 'The merchant, where a row names none [default: the profile\'s]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l product -d 'The product, where a row names none [default: the profile\'s, for creates]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l offer -d 'The offer, where a row names none' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l notification-url -d 'The URL for notifications, where a row names none [default: the profile\'s, for creates]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l expires -d 'When the entitlement ends, where a row does not say' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l reason -d 'Why, for cancel and revoke, where a row does not say' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l description -d 'Why, in your own words, where a row does not say' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l journal -d 'The record of the run, by which it continues [default: FILE.journal]' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l reconcile-after -d 'Look a row up before it is repeated, if its answer has been missing for so long' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l concurrency -d 'Requests under way at once, at most; fewer while the platform asks for it' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l rate -d 'Requests in a second, at most; shards share it' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l max-failures -d 'Stop when more rows fail: a number, or a share such as 5%, judged once 100 rows are finished' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l give-up-after -d 'Stop when the platform has taken no request for so long' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l results -d 'Write each row with its result here, as rows finish; - is standard output. CSV or JSON lines, by the name or like the input' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l failed -d 'Write the rows that Bango refused here, as an input that can be run again' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l extra-fields -d 'Send columns that this tool does not know as fields of the body'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l allow-duplicates -d 'Send rows that ask for the same thing twice'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l check -d 'Check all rows and send nothing'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l retry-failed -d 'Send the rows again that were answered and did not succeed'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -s y -l yes -d 'Do not ask before rows that cancel or revoke are sent'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -a "status" -d 'Show how far a batch is, from its journal: finished, running or dead'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and not __fish_seen_subcommand_from status help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how far a batch is, from its journal: finished, running or dead'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand batch; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand echo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l field -d 'A body field: name=text or name:=json; may be repeated' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l input -d 'Read the body, a JSON object, from this file; - for standard input' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l port -d 'Listen on this port; 0 picks a free one' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l host -d 'Listen on this IP address; others than loopback let your network in' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l auth -d 'Refuse notifications that do not prove themselves in this way' -r -f -a "basic\t'HTTP Basic; the secret is user:password'
api-key\t'An X-Api-Key header'
bearer\t'A Bearer token'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l secret-file -d 'Read the secret of --auth from this file instead of BANGO_LISTEN_SECRET' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l save -d 'Append each notification to this file, durably and before Bango is answered' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l forward-to -d 'Send each notification on to this URL, unchanged' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l exec -d 'Run this program for each notification, which it reads from standard input; no shell' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l exec-timeout -d 'End a program of --exec after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l until -d 'End when this entitlement has this status; may be repeated, and one is enough' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l for-at-most -d 'End after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l forward-auth -d 'Send the Authorization and X-Api-Key headers on as well'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand listen" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l port -d 'Listen on this port; 0 picks a free one [default: 4242]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l host -d 'Listen on this IP address; others than loopback let your network in' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l state -d 'Keep the state in this file [default: sandbox.jsonl in the XDG state directory]' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l catalog -d 'Imitate the merchants and products of this TOML file instead' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l rate-limit -d 'Answer at most N API requests per second, and refuse the rest with HTTP 429' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l notification-auth -d 'Authenticate notifications; the secret comes from the environment, see below' -r -f -a "basic\t'HTTP Basic; the secret is user:password'
api-key\t'An X-Api-Key header'
bearer\t'A Bearer token'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l link-lifetime -d 'Let registration links expire after this many seconds' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l ephemeral -d 'Forget everything at the end'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l duplicate-notifications -d 'Send each notification twice'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l shuffle-notifications -d 'Hold notifications back for up to three seconds, so that they overtake each other'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -f -a "reset" -d 'Empty the state file'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and not __fish_seen_subcommand_from reset help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l state -d 'The state file [default: sandbox.jsonl in the XDG state directory]' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from reset" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "reset" -d 'Empty the state file'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "login" -d 'Set up a profile: credentials, base URL, test or live, defaults'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "status" -d 'Show which settings are in force, where each came from and what it shadows'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "logout" -d 'Forget the password of a profile'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and not __fish_seen_subcommand_from login status logout help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l username -d 'The user name of the credentials' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l password-file -d 'Read the password from this file, once' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l password-command -d 'Run this whenever the password is needed, without a shell; the password itself is kept nowhere' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l store -d 'Keep the password here [default: keyring]' -r -f -a "keyring\t'The system\'s keyring'
file\t'The configuration file, which only you may read'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l environment -d 'What the credentials act on; changes by a live profile are announced' -r -f -a "test\t'Bango\'s test set'
live\t'Real users'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l merchant -d 'The merchant that commands take if none is given (merchantAccountKey)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l product -d 'The service that commands take if none is given (productKey)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l notification-url -d 'The URL for changes that create takes if none is given (notificationUrl)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l password-stdin -d 'Read the password from standard input'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l no-verify -d 'Save without asking Bango whether the credentials are good'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l check -d 'Ask Bango whether the credentials are good; exit code 3 if there are none, 11 if they are refused'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "login" -d 'Set up a profile: credentials, base URL, test or live, defaults'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show which settings are in force, where each came from and what it shadows'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "logout" -d 'Forget the password of a profile'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand auth; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -f -a "list" -d 'List the profiles of the configuration file'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -f -a "use" -d 'Use this profile when none is named'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -f -a "remove" -d 'Remove a profile and its password'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and not __fish_seen_subcommand_from list use remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles of the configuration file'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "use" -d 'Use this profile when none is named'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a profile and its password'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l profile -d 'Use this profile of the configuration file, before the environment' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l base-url -d 'Reach the API here [default: https://resale.api.bango.net/v1]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l request-id -d 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l timeout -d 'End the call, with all its retries, after this time (60, 90s, 2m)' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l retries -d 'Repeat a request up to N times after a temporary error' -r
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l ca-cert -d 'Trust the PEM certificates in this file as well as the system\'s' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l log-file -d 'Append each attempt to this file as a JSON line' -r -F
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l color -d 'Colour the output' -r -f -a "auto\t'At a terminal, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l json -d 'Print one JSON document instead of a table, also for errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l sandbox -d 'Use the sandbox on this machine, or start one for this command; no profile is read'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -l dry-run -d 'Show the request and open no connection'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -s v -l verbose -d 'Show the exchange on standard error; -vv shows the bodies too'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -s q -l quiet -d 'Say nothing but results and errors'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "create" -d 'Ask a merchant, through Bango, to activate a service for a user'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "get" -d 'Read one entitlement'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "list" -d 'List the entitlements of a user'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "update" -d 'Change fields of an entitlement'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "suspend" -d 'Pause the user\'s access'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "resume" -d 'Give a suspended user access again'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "cancel" -d 'End an entitlement at the end of the paid period'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "revoke" -d 'End an entitlement at once'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "wait" -d 'Wait until an entitlement is in a status'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "activation-url" -d 'Ask for a fresh registration URL'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "batch" -d 'Send one request for each row of a file, each exactly once'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "echo" -d 'Ask whether the service is there'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "api" -d 'Send any request to the API'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "listen" -d 'Receive Bango\'s notifications: show, save, forward or act on them'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "sandbox" -d 'Run a local imitation of the Bango Platform, to try everything without an account'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "auth" -d 'Set up credentials, look at them, forget them'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "profile" -d 'List, choose and remove profiles'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "doctor" -d 'Look for what keeps the tool from reaching Bango'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "explain" -d 'Explain a response code, status, exit code or reason; offline'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "generate" -d 'Write completions, man pages and reference docs below a folder'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and not __fish_seen_subcommand_from create get list update suspend resume cancel revoke wait activation-url batch echo api listen sandbox auth profile doctor explain completions generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from batch" -f -a "status" -d 'Show how far a batch is, from its journal: finished, running or dead'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "reset" -d 'Empty the state file'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "login" -d 'Set up a profile: credentials, base URL, test or live, defaults'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "status" -d 'Show which settings are in force, where each came from and what it shadows'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from auth" -f -a "logout" -d 'Forget the password of a profile'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "list" -d 'List the profiles of the configuration file'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "use" -d 'Use this profile when none is named'
complete -c bango-ent -n "__fish_bango_ent_using_subcommand help; and __fish_seen_subcommand_from profile" -f -a "remove" -d 'Remove a profile and its password'
