
use builtin;
use str;

set edit:completion:arg-completer[bango-ent] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'bango-ent'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'bango-ent'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand create 'Ask a merchant, through Bango, to activate a service for a user'
            cand get 'Read one entitlement'
            cand list 'List the entitlements of a user'
            cand update 'Change fields of an entitlement'
            cand suspend 'Pause the user''s access'
            cand resume 'Give a suspended user access again'
            cand cancel 'End an entitlement at the end of the paid period'
            cand revoke 'End an entitlement at once'
            cand wait 'Wait until an entitlement is in a status'
            cand activation-url 'Ask for a fresh registration URL'
            cand echo 'Ask whether the service is there'
            cand api 'Send any request to the API'
            cand sandbox 'Run a local imitation of the Bango Platform, to try everything without an account'
            cand explain 'Explain a response code, status, exit code or reason; offline'
            cand completions 'Print the completion script of a shell'
            cand generate 'Write completions, man pages and reference docs below a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;create'= {
            cand --user 'Your own, lasting id of the user (customerIdentifier)'
            cand --merchant 'The merchant, as issued by Bango; case matters (merchantAccountKey) [default: the profile''s]'
            cand --product 'The service, as issued by Bango; case matters (productKey) [default: the profile''s]'
            cand --offer 'The offer, where one applies (offerKey)'
            cand --notification-url 'Where Bango posts changes of the entitlement (notificationUrl) [default: the profile''s]'
            cand --entitlement-id 'Your own id for the entitlement; Bango recommends to leave it out (entitlementId)'
            cand --display-name 'A name that a user may see (entitlementDisplayName)'
            cand --expires 'When Bango ends it for you: ISO 8601; a date is its first moment in UTC (dateExpiry)'
            cand --extension-data 'Data kept with it: JSON text, @FILE, or - for standard input (extensionData)'
            cand --field 'A body field without a flag of its own: name=text or name:=json; may be repeated'
            cand --wait 'Wait until the user has registered, at most this long [default: 10m]'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --browser 'Open the registration URL, wherever this runs'
            cand --no-browser 'Never open the registration URL'
            cand --qr 'Draw the registration URL as a QR code on standard error'
            cand --require-active 'End with exit code 8 unless the entitlement is ACTIVE'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;get'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;list'= {
            cand --user 'Your own id of the user (customerIdentifier)'
            cand --product 'Of this product only (productKey)'
            cand --status 'In this status only'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;update'= {
            cand --product 'Another product (productKey)'
            cand --notification-url 'Another place for notifications (notificationUrl)'
            cand --expires 'Another end: ISO 8601; a date is its first moment in UTC (dateExpiry)'
            cand --extension-data 'Other data kept with it: JSON text, @FILE, or - for standard input (extensionData)'
            cand --user 'Another id of the user (customerIdentifier)'
            cand --field 'A body field without a flag of its own: name=text or name:=json; may be repeated'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --browser 'Open the registration URL, wherever this runs'
            cand --no-browser 'Never open the registration URL'
            cand --qr 'Draw the registration URL as a QR code on standard error'
            cand --require-active 'End with exit code 8 unless the entitlement is ACTIVE'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;suspend'= {
            cand --benefits 'The value that suspends (entitlementBenefits); not documented by Bango'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;resume'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;cancel'= {
            cand --reason 'Why: category and code; one that is not listed is sent with a note'
            cand --description 'Why, in your own words (cancelReasonDescription, an inferred name)'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;revoke'= {
            cand --reason 'Why: category and code; one that is not listed is sent with a note'
            cand --description 'Why, in your own words (cancelReasonDescription, an inferred name)'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;wait'= {
            cand --for 'The status to wait for'
            cand --timeout 'Give up after this time'
            cand --interval 'Read it this often at first, then more and more rarely'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;activation-url'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --browser 'Open the registration URL, wherever this runs'
            cand --no-browser 'Never open the registration URL'
            cand --qr 'Draw the registration URL as a QR code on standard error'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;echo'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;api'= {
            cand --field 'A body field: name=text or name:=json; may be repeated'
            cand --input 'Read the body, a JSON object, from this file; - for standard input'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;sandbox'= {
            cand --port 'Listen on this port; 0 picks a free one'
            cand --host 'Listen on this IP address; others than loopback let your network in'
            cand --state 'Keep the state in this file [default: sandbox.redb in the XDG state directory]'
            cand --catalog 'Imitate the merchants and products of this TOML file instead'
            cand --rate-limit 'Answer at most N API requests per second, and refuse the rest with HTTP 429'
            cand --notification-auth 'Authenticate notifications; the secret comes from the environment, see below'
            cand --link-lifetime 'Let registration links expire after this many seconds'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --ephemeral 'Forget everything at the end'
            cand --duplicate-notifications 'Send each notification twice'
            cand --shuffle-notifications 'Hold notifications back for up to three seconds, so that they overtake each other'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand reset 'Empty the state file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;sandbox;reset'= {
            cand --state 'The state file [default: sandbox.redb in the XDG state directory]'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;sandbox;help'= {
            cand reset 'Empty the state file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;sandbox;help;reset'= {
        }
        &'bango-ent;sandbox;help;help'= {
        }
        &'bango-ent;explain'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;completions'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;generate'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a passing trouble'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;help'= {
            cand create 'Ask a merchant, through Bango, to activate a service for a user'
            cand get 'Read one entitlement'
            cand list 'List the entitlements of a user'
            cand update 'Change fields of an entitlement'
            cand suspend 'Pause the user''s access'
            cand resume 'Give a suspended user access again'
            cand cancel 'End an entitlement at the end of the paid period'
            cand revoke 'End an entitlement at once'
            cand wait 'Wait until an entitlement is in a status'
            cand activation-url 'Ask for a fresh registration URL'
            cand echo 'Ask whether the service is there'
            cand api 'Send any request to the API'
            cand sandbox 'Run a local imitation of the Bango Platform, to try everything without an account'
            cand explain 'Explain a response code, status, exit code or reason; offline'
            cand completions 'Print the completion script of a shell'
            cand generate 'Write completions, man pages and reference docs below a folder'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;help;create'= {
        }
        &'bango-ent;help;get'= {
        }
        &'bango-ent;help;list'= {
        }
        &'bango-ent;help;update'= {
        }
        &'bango-ent;help;suspend'= {
        }
        &'bango-ent;help;resume'= {
        }
        &'bango-ent;help;cancel'= {
        }
        &'bango-ent;help;revoke'= {
        }
        &'bango-ent;help;wait'= {
        }
        &'bango-ent;help;activation-url'= {
        }
        &'bango-ent;help;echo'= {
        }
        &'bango-ent;help;api'= {
        }
        &'bango-ent;help;sandbox'= {
            cand reset 'Empty the state file'
        }
        &'bango-ent;help;sandbox;reset'= {
        }
        &'bango-ent;help;explain'= {
        }
        &'bango-ent;help;completions'= {
        }
        &'bango-ent;help;generate'= {
        }
        &'bango-ent;help;help'= {
        }
    ]
    $completions[$command]
}
