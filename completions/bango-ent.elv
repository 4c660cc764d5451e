
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand batch 'Send one request for each row of a file, each exactly once'
            cand echo 'Ask whether the service is there'
            cand api 'Send any request to the API'
            cand listen 'Receive Bango''s notifications: show, save, forward or act on them'
            cand sandbox 'Run a local imitation of the Bango Platform, to try everything without an account'
            cand auth 'Set up credentials, look at them, forget them'
            cand profile 'List, choose and remove profiles'
            cand doctor 'Look for what keeps the tool from reaching Bango'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --browser 'Open the registration URL, wherever this runs'
            cand --no-browser 'Never open the registration URL'
            cand --qr 'Draw the registration URL as a QR code on standard error'
            cand --require-active 'End with exit code 8 unless the entitlement is ACTIVE'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --browser 'Open the registration URL, wherever this runs'
            cand --no-browser 'Never open the registration URL'
            cand --qr 'Draw the registration URL as a QR code on standard error'
            cand --require-active 'End with exit code 8 unless the entitlement is ACTIVE'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --description 'Why, in your own words (cancelReasonDescription)'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --description 'Why, in your own words (cancelReasonDescription)'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand -y 'Do not ask for confirmation'
            cand --yes 'Do not ask for confirmation'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --browser 'Open the registration URL, wherever this runs'
            cand --no-browser 'Never open the registration URL'
            cand --qr 'Draw the registration URL as a QR code on standard error'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;batch'= {
            cand --format 'How the rows are written [default: by the file''s name]'
            cand --shard 'Take only the I-th of N equal shares of the rows; with N alone, I is `JOB_COMPLETION_INDEX` + 1'
            cand --action 'What a row asks for that does not say'
            cand --merchant 'The merchant, where a row names none [default: the profile''s]'
            cand --product 'The product, where a row names none [default: the profile''s, for creates]'
            cand --offer 'The offer, where a row names none'
            cand --notification-url 'The URL for notifications, where a row names none [default: the profile''s, for creates]'
            cand --expires 'When the entitlement ends, where a row does not say'
            cand --reason 'Why, for cancel and revoke, where a row does not say'
            cand --description 'Why, in your own words, where a row does not say'
            cand --journal 'The record of the run, by which it continues [default: FILE.journal]'
            cand --reconcile-after 'Look a row up before it is repeated, if its answer has been missing for so long'
            cand --concurrency 'Requests under way at once, at most; fewer while the platform asks for it'
            cand --rate 'Requests in a second, at most; shards share it'
            cand --max-failures 'Stop when more rows fail: a number, or a share such as 5%, judged once 100 rows are finished'
            cand --give-up-after 'Stop when the platform has taken no request for so long'
            cand --results 'Write each row with its result here, as rows finish; - is standard output. CSV or JSON lines, by the name or like the input'
            cand --failed 'Write the rows that Bango refused here, as an input that can be run again'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --extra-fields 'Send columns that this tool does not know as fields of the body'
            cand --allow-duplicates 'Send rows that ask for the same thing twice'
            cand --check 'Check all rows and send nothing'
            cand --retry-failed 'Send the rows again that were answered and did not succeed'
            cand -y 'Do not ask before rows that cancel or revoke are sent'
            cand --yes 'Do not ask before rows that cancel or revoke are sent'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand status 'Show how far a batch is, from its journal: finished, running or dead'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;batch;status'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;batch;help'= {
            cand status 'Show how far a batch is, from its journal: finished, running or dead'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;batch;help;status'= {
        }
        &'bango-ent;batch;help;help'= {
        }
        &'bango-ent;echo'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;listen'= {
            cand --port 'Listen on this port; 0 picks a free one'
            cand --host 'Listen on this IP address; others than loopback let your network in'
            cand --auth 'Refuse notifications that do not prove themselves in this way'
            cand --secret-file 'Read the secret of --auth from this file instead of BANGO_LISTEN_SECRET'
            cand --save 'Append each notification to this file, durably and before Bango is answered'
            cand --forward-to 'Send each notification on to this URL, unchanged'
            cand --exec 'Run this program for each notification, which it reads from standard input; no shell'
            cand --exec-timeout 'End a program of --exec after this time (60, 90s, 2m)'
            cand --until 'End when this entitlement has this status; may be repeated, and one is enough'
            cand --for-at-most 'End after this time (60, 90s, 2m)'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --forward-auth 'Send the Authorization and X-Api-Key headers on as well'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;sandbox'= {
            cand --port 'Listen on this port; 0 picks a free one [default: 4242]'
            cand --host 'Listen on this IP address; others than loopback let your network in'
            cand --state 'Keep the state in this file [default: sandbox.jsonl in the XDG state directory]'
            cand --catalog 'Imitate the merchants and products of this TOML file instead'
            cand --rate-limit 'Answer at most N API requests per second, and refuse the rest with HTTP 429'
            cand --notification-auth 'Authenticate notifications; the secret comes from the environment, see below'
            cand --link-lifetime 'Let registration links expire after this many seconds'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --ephemeral 'Forget everything at the end'
            cand --duplicate-notifications 'Send each notification twice'
            cand --shuffle-notifications 'Hold notifications back for up to three seconds, so that they overtake each other'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --state 'The state file [default: sandbox.jsonl in the XDG state directory]'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
        &'bango-ent;auth'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand login 'Set up a profile: credentials, base URL, test or live, defaults'
            cand status 'Show which settings are in force, where each came from and what it shadows'
            cand logout 'Forget the password of a profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;auth;login'= {
            cand --username 'The user name of the credentials'
            cand --password-file 'Read the password from this file, once'
            cand --password-command 'Run this whenever the password is needed, without a shell; the password itself is kept nowhere'
            cand --store 'Keep the password here [default: keyring]'
            cand --environment 'What the credentials act on; changes by a live profile are announced'
            cand --merchant 'The merchant that commands take if none is given (merchantAccountKey)'
            cand --product 'The service that commands take if none is given (productKey)'
            cand --notification-url 'The URL for changes that create takes if none is given (notificationUrl)'
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --password-stdin 'Read the password from standard input'
            cand --no-verify 'Save without asking Bango whether the credentials are good'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;auth;status'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --check 'Ask Bango whether the credentials are good; exit code 3 if there are none, 11 if they are refused'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;auth;logout'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;auth;help'= {
            cand login 'Set up a profile: credentials, base URL, test or live, defaults'
            cand status 'Show which settings are in force, where each came from and what it shadows'
            cand logout 'Forget the password of a profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;auth;help;login'= {
        }
        &'bango-ent;auth;help;status'= {
        }
        &'bango-ent;auth;help;logout'= {
        }
        &'bango-ent;auth;help;help'= {
        }
        &'bango-ent;profile'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List the profiles of the configuration file'
            cand use 'Use this profile when none is named'
            cand remove 'Remove a profile and its password'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;profile;list'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;profile;use'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;profile;remove'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;profile;help'= {
            cand list 'List the profiles of the configuration file'
            cand use 'Use this profile when none is named'
            cand remove 'Remove a profile and its password'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'bango-ent;profile;help;list'= {
        }
        &'bango-ent;profile;help;use'= {
        }
        &'bango-ent;profile;help;remove'= {
        }
        &'bango-ent;profile;help;help'= {
        }
        &'bango-ent;doctor'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
            cand --dry-run 'Show the request and open no connection'
            cand -v 'Show the exchange on standard error; -vv shows the bodies too'
            cand --verbose 'Show the exchange on standard error; -vv shows the bodies too'
            cand -q 'Say nothing but results and errors'
            cand --quiet 'Say nothing but results and errors'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'bango-ent;explain'= {
            cand --profile 'Use this profile of the configuration file, before the environment'
            cand --base-url 'Reach the API here [default: https://resale.api.bango.net/v1]'
            cand --request-id 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]'
            cand --timeout 'End the call, with all its retries, after this time (60, 90s, 2m)'
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand --retries 'Repeat a request up to N times after a temporary error'
            cand --ca-cert 'Trust the PEM certificates in this file as well as the system''s'
            cand --log-file 'Append each attempt to this file as a JSON line'
            cand --color 'Colour the output'
            cand --json 'Print one JSON document instead of a table, also for errors'
            cand --sandbox 'Use the sandbox on this machine, or start one for this command; no profile is read'
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
            cand batch 'Send one request for each row of a file, each exactly once'
            cand echo 'Ask whether the service is there'
            cand api 'Send any request to the API'
            cand listen 'Receive Bango''s notifications: show, save, forward or act on them'
            cand sandbox 'Run a local imitation of the Bango Platform, to try everything without an account'
            cand auth 'Set up credentials, look at them, forget them'
            cand profile 'List, choose and remove profiles'
            cand doctor 'Look for what keeps the tool from reaching Bango'
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
        &'bango-ent;help;batch'= {
            cand status 'Show how far a batch is, from its journal: finished, running or dead'
        }
        &'bango-ent;help;batch;status'= {
        }
        &'bango-ent;help;echo'= {
        }
        &'bango-ent;help;api'= {
        }
        &'bango-ent;help;listen'= {
        }
        &'bango-ent;help;sandbox'= {
            cand reset 'Empty the state file'
        }
        &'bango-ent;help;sandbox;reset'= {
        }
        &'bango-ent;help;auth'= {
            cand login 'Set up a profile: credentials, base URL, test or live, defaults'
            cand status 'Show which settings are in force, where each came from and what it shadows'
            cand logout 'Forget the password of a profile'
        }
        &'bango-ent;help;auth;login'= {
        }
        &'bango-ent;help;auth;status'= {
        }
        &'bango-ent;help;auth;logout'= {
        }
        &'bango-ent;help;profile'= {
            cand list 'List the profiles of the configuration file'
            cand use 'Use this profile when none is named'
            cand remove 'Remove a profile and its password'
        }
        &'bango-ent;help;profile;list'= {
        }
        &'bango-ent;help;profile;use'= {
        }
        &'bango-ent;help;profile;remove'= {
        }
        &'bango-ent;help;doctor'= {
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
