
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'bango-ent' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'bango-ent'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'bango-ent' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Ask a merchant, through Bango, to activate a service for a user')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Read one entitlement')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the entitlements of a user')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change fields of an entitlement')
            [CompletionResult]::new('suspend', 'suspend', [CompletionResultType]::ParameterValue, 'Pause the user''s access')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Give a suspended user access again')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'End an entitlement at the end of the paid period')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End an entitlement at once')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until an entitlement is in a status')
            [CompletionResult]::new('activation-url', 'activation-url', [CompletionResultType]::ParameterValue, 'Ask for a fresh registration URL')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Send one request for each row of a file, each exactly once')
            [CompletionResult]::new('echo', 'echo', [CompletionResultType]::ParameterValue, 'Ask whether the service is there')
            [CompletionResult]::new('api', 'api', [CompletionResultType]::ParameterValue, 'Send any request to the API')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive Bango''s notifications: show, save, forward or act on them')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local imitation of the Bango Platform, to try everything without an account')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Set up credentials, look at them, forget them')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'List, choose and remove profiles')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look for what keeps the tool from reaching Bango')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a response code, status, exit code or reason; offline')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Write completions, man pages and reference docs below a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;create' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Your own, lasting id of the user (customerIdentifier)')
            [CompletionResult]::new('--merchant', '--merchant', [CompletionResultType]::ParameterName, 'The merchant, as issued by Bango; case matters (merchantAccountKey) [default: the profile''s]')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'The service, as issued by Bango; case matters (productKey) [default: the profile''s]')
            [CompletionResult]::new('--offer', '--offer', [CompletionResultType]::ParameterName, 'The offer, where one applies (offerKey)')
            [CompletionResult]::new('--notification-url', '--notification-url', [CompletionResultType]::ParameterName, 'Where Bango posts changes of the entitlement (notificationUrl) [default: the profile''s]')
            [CompletionResult]::new('--entitlement-id', '--entitlement-id', [CompletionResultType]::ParameterName, 'Your own id for the entitlement; Bango recommends to leave it out (entitlementId)')
            [CompletionResult]::new('--display-name', '--display-name', [CompletionResultType]::ParameterName, 'A name that a user may see (entitlementDisplayName)')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'When Bango ends it for you: ISO 8601; a date is its first moment in UTC (dateExpiry)')
            [CompletionResult]::new('--extension-data', '--extension-data', [CompletionResultType]::ParameterName, 'Data kept with it: JSON text, @FILE, or - for standard input (extensionData)')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'A body field without a flag of its own: name=text or name:=json; may be repeated')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until the user has registered, at most this long [default: 10m]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--browser', '--browser', [CompletionResultType]::ParameterName, 'Open the registration URL, wherever this runs')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Never open the registration URL')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Draw the registration URL as a QR code on standard error')
            [CompletionResult]::new('--require-active', '--require-active', [CompletionResultType]::ParameterName, 'End with exit code 8 unless the entitlement is ACTIVE')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;get' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;list' {
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Your own id of the user (customerIdentifier)')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'Of this product only (productKey)')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'In this status only')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;update' {
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'Another product (productKey)')
            [CompletionResult]::new('--notification-url', '--notification-url', [CompletionResultType]::ParameterName, 'Another place for notifications (notificationUrl)')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'Another end: ISO 8601; a date is its first moment in UTC (dateExpiry)')
            [CompletionResult]::new('--extension-data', '--extension-data', [CompletionResultType]::ParameterName, 'Other data kept with it: JSON text, @FILE, or - for standard input (extensionData)')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Another id of the user (customerIdentifier)')
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'A body field without a flag of its own: name=text or name:=json; may be repeated')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--browser', '--browser', [CompletionResultType]::ParameterName, 'Open the registration URL, wherever this runs')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Never open the registration URL')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Draw the registration URL as a QR code on standard error')
            [CompletionResult]::new('--require-active', '--require-active', [CompletionResultType]::ParameterName, 'End with exit code 8 unless the entitlement is ACTIVE')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;suspend' {
            [CompletionResult]::new('--benefits', '--benefits', [CompletionResultType]::ParameterName, 'The value that suspends (entitlementBenefits); not documented by Bango')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;resume' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;cancel' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why: category and code; one that is not listed is sent with a note')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Why, in your own words (cancelReasonDescription)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;revoke' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why: category and code; one that is not listed is sent with a note')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Why, in your own words (cancelReasonDescription)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask for confirmation')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;wait' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'The status to wait for')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after this time')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Read it this often at first, then more and more rarely')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;activation-url' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--browser', '--browser', [CompletionResultType]::ParameterName, 'Open the registration URL, wherever this runs')
            [CompletionResult]::new('--no-browser', '--no-browser', [CompletionResultType]::ParameterName, 'Never open the registration URL')
            [CompletionResult]::new('--qr', '--qr', [CompletionResultType]::ParameterName, 'Draw the registration URL as a QR code on standard error')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;batch' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How the rows are written [default: by the file''s name]')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Take only the I-th of N equal shares of the rows; with N alone, I is `JOB_COMPLETION_INDEX` + 1')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'What a row asks for that does not say')
            [CompletionResult]::new('--merchant', '--merchant', [CompletionResultType]::ParameterName, 'The merchant, where a row names none [default: the profile''s]')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'The product, where a row names none [default: the profile''s, for creates]')
            [CompletionResult]::new('--offer', '--offer', [CompletionResultType]::ParameterName, 'The offer, where a row names none')
            [CompletionResult]::new('--notification-url', '--notification-url', [CompletionResultType]::ParameterName, 'The URL for notifications, where a row names none [default: the profile''s, for creates]')
            [CompletionResult]::new('--expires', '--expires', [CompletionResultType]::ParameterName, 'When the entitlement ends, where a row does not say')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why, for cancel and revoke, where a row does not say')
            [CompletionResult]::new('--description', '--description', [CompletionResultType]::ParameterName, 'Why, in your own words, where a row does not say')
            [CompletionResult]::new('--journal', '--journal', [CompletionResultType]::ParameterName, 'The record of the run, by which it continues [default: FILE.journal]')
            [CompletionResult]::new('--reconcile-after', '--reconcile-after', [CompletionResultType]::ParameterName, 'Look a row up before it is repeated, if its answer has been missing for so long')
            [CompletionResult]::new('--concurrency', '--concurrency', [CompletionResultType]::ParameterName, 'Requests under way at once, at most; fewer while the platform asks for it')
            [CompletionResult]::new('--rate', '--rate', [CompletionResultType]::ParameterName, 'Requests in a second, at most; shards share it')
            [CompletionResult]::new('--max-failures', '--max-failures', [CompletionResultType]::ParameterName, 'Stop when more rows fail: a number, or a share such as 5%, judged once 100 rows are finished')
            [CompletionResult]::new('--give-up-after', '--give-up-after', [CompletionResultType]::ParameterName, 'Stop when the platform has taken no request for so long')
            [CompletionResult]::new('--results', '--results', [CompletionResultType]::ParameterName, 'Write each row with its result here, as rows finish; - is standard output. CSV or JSON lines, by the name or like the input')
            [CompletionResult]::new('--failed', '--failed', [CompletionResultType]::ParameterName, 'Write the rows that Bango refused here, as an input that can be run again')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--extra-fields', '--extra-fields', [CompletionResultType]::ParameterName, 'Send columns that this tool does not know as fields of the body')
            [CompletionResult]::new('--allow-duplicates', '--allow-duplicates', [CompletionResultType]::ParameterName, 'Send rows that ask for the same thing twice')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Check all rows and send nothing')
            [CompletionResult]::new('--retry-failed', '--retry-failed', [CompletionResultType]::ParameterName, 'Send the rows again that were answered and did not succeed')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Do not ask before rows that cancel or revoke are sent')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Do not ask before rows that cancel or revoke are sent')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how far a batch is, from its journal: finished, running or dead')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;batch;status' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;batch;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how far a batch is, from its journal: finished, running or dead')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;batch;help;status' {
            break
        }
        'bango-ent;batch;help;help' {
            break
        }
        'bango-ent;echo' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;api' {
            [CompletionResult]::new('--field', '--field', [CompletionResultType]::ParameterName, 'A body field: name=text or name:=json; may be repeated')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read the body, a JSON object, from this file; - for standard input')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;listen' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Listen on this port; 0 picks a free one')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Listen on this IP address; others than loopback let your network in')
            [CompletionResult]::new('--auth', '--auth', [CompletionResultType]::ParameterName, 'Refuse notifications that do not prove themselves in this way')
            [CompletionResult]::new('--secret-file', '--secret-file', [CompletionResultType]::ParameterName, 'Read the secret of --auth from this file instead of BANGO_LISTEN_SECRET')
            [CompletionResult]::new('--save', '--save', [CompletionResultType]::ParameterName, 'Append each notification to this file, durably and before Bango is answered')
            [CompletionResult]::new('--forward-to', '--forward-to', [CompletionResultType]::ParameterName, 'Send each notification on to this URL, unchanged')
            [CompletionResult]::new('--exec', '--exec', [CompletionResultType]::ParameterName, 'Run this program for each notification, which it reads from standard input; no shell')
            [CompletionResult]::new('--exec-timeout', '--exec-timeout', [CompletionResultType]::ParameterName, 'End a program of --exec after this time (60, 90s, 2m)')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'End when this entitlement has this status; may be repeated, and one is enough')
            [CompletionResult]::new('--for-at-most', '--for-at-most', [CompletionResultType]::ParameterName, 'End after this time (60, 90s, 2m)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--forward-auth', '--forward-auth', [CompletionResultType]::ParameterName, 'Send the Authorization and X-Api-Key headers on as well')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;sandbox' {
            [CompletionResult]::new('--port', '--port', [CompletionResultType]::ParameterName, 'Listen on this port; 0 picks a free one [default: 4242]')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Listen on this IP address; others than loopback let your network in')
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'Keep the state in this file [default: sandbox.jsonl in the XDG state directory]')
            [CompletionResult]::new('--catalog', '--catalog', [CompletionResultType]::ParameterName, 'Imitate the merchants and products of this TOML file instead')
            [CompletionResult]::new('--rate-limit', '--rate-limit', [CompletionResultType]::ParameterName, 'Answer at most N API requests per second, and refuse the rest with HTTP 429')
            [CompletionResult]::new('--notification-auth', '--notification-auth', [CompletionResultType]::ParameterName, 'Authenticate notifications; the secret comes from the environment, see below')
            [CompletionResult]::new('--link-lifetime', '--link-lifetime', [CompletionResultType]::ParameterName, 'Let registration links expire after this many seconds')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--ephemeral', '--ephemeral', [CompletionResultType]::ParameterName, 'Forget everything at the end')
            [CompletionResult]::new('--duplicate-notifications', '--duplicate-notifications', [CompletionResultType]::ParameterName, 'Send each notification twice')
            [CompletionResult]::new('--shuffle-notifications', '--shuffle-notifications', [CompletionResultType]::ParameterName, 'Hold notifications back for up to three seconds, so that they overtake each other')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Empty the state file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;sandbox;reset' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'The state file [default: sandbox.jsonl in the XDG state directory]')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;sandbox;help' {
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Empty the state file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;sandbox;help;reset' {
            break
        }
        'bango-ent;sandbox;help;help' {
            break
        }
        'bango-ent;auth' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Set up a profile: credentials, base URL, test or live, defaults')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which settings are in force, where each came from and what it shadows')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the password of a profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;auth;login' {
            [CompletionResult]::new('--username', '--username', [CompletionResultType]::ParameterName, 'The user name of the credentials')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password from this file, once')
            [CompletionResult]::new('--password-command', '--password-command', [CompletionResultType]::ParameterName, 'Run this whenever the password is needed, without a shell; the password itself is kept nowhere')
            [CompletionResult]::new('--store', '--store', [CompletionResultType]::ParameterName, 'Keep the password here [default: keyring]')
            [CompletionResult]::new('--environment', '--environment', [CompletionResultType]::ParameterName, 'What the credentials act on; changes by a live profile are announced')
            [CompletionResult]::new('--merchant', '--merchant', [CompletionResultType]::ParameterName, 'The merchant that commands take if none is given (merchantAccountKey)')
            [CompletionResult]::new('--product', '--product', [CompletionResultType]::ParameterName, 'The service that commands take if none is given (productKey)')
            [CompletionResult]::new('--notification-url', '--notification-url', [CompletionResultType]::ParameterName, 'The URL for changes that create takes if none is given (notificationUrl)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--password-stdin', '--password-stdin', [CompletionResultType]::ParameterName, 'Read the password from standard input')
            [CompletionResult]::new('--no-verify', '--no-verify', [CompletionResultType]::ParameterName, 'Save without asking Bango whether the credentials are good')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;auth;status' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Ask Bango whether the credentials are good; exit code 3 if there are none, 11 if they are refused')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;auth;logout' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;auth;help' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Set up a profile: credentials, base URL, test or live, defaults')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which settings are in force, where each came from and what it shadows')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the password of a profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;auth;help;login' {
            break
        }
        'bango-ent;auth;help;status' {
            break
        }
        'bango-ent;auth;help;logout' {
            break
        }
        'bango-ent;auth;help;help' {
            break
        }
        'bango-ent;profile' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles of the configuration file')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Use this profile when none is named')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a profile and its password')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;profile;list' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;profile;use' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;profile;remove' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;profile;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles of the configuration file')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Use this profile when none is named')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a profile and its password')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;profile;help;list' {
            break
        }
        'bango-ent;profile;help;use' {
            break
        }
        'bango-ent;profile;help;remove' {
            break
        }
        'bango-ent;profile;help;help' {
            break
        }
        'bango-ent;doctor' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;explain' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;completions' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;generate' {
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Use this profile of the configuration file, before the environment')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Reach the API here [default: https://resale.api.bango.net/v1]')
            [CompletionResult]::new('--request-id', '--request-id', [CompletionResultType]::ParameterName, 'Use this X-RequestIdentifier: repeats a request safely [default: a new one]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End the call, with all its retries, after this time (60, 90s, 2m)')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Repeat a request up to N times after a temporary error')
            [CompletionResult]::new('--ca-cert', '--ca-cert', [CompletionResultType]::ParameterName, 'Trust the PEM certificates in this file as well as the system''s')
            [CompletionResult]::new('--log-file', '--log-file', [CompletionResultType]::ParameterName, 'Append each attempt to this file as a JSON line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document instead of a table, also for errors')
            [CompletionResult]::new('--sandbox', '--sandbox', [CompletionResultType]::ParameterName, 'Use the sandbox on this machine, or start one for this command; no profile is read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show the request and open no connection')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Show the exchange on standard error; -vv shows the bodies too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but results and errors')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'bango-ent;help' {
            [CompletionResult]::new('create', 'create', [CompletionResultType]::ParameterValue, 'Ask a merchant, through Bango, to activate a service for a user')
            [CompletionResult]::new('get', 'get', [CompletionResultType]::ParameterValue, 'Read one entitlement')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the entitlements of a user')
            [CompletionResult]::new('update', 'update', [CompletionResultType]::ParameterValue, 'Change fields of an entitlement')
            [CompletionResult]::new('suspend', 'suspend', [CompletionResultType]::ParameterValue, 'Pause the user''s access')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Give a suspended user access again')
            [CompletionResult]::new('cancel', 'cancel', [CompletionResultType]::ParameterValue, 'End an entitlement at the end of the paid period')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End an entitlement at once')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until an entitlement is in a status')
            [CompletionResult]::new('activation-url', 'activation-url', [CompletionResultType]::ParameterValue, 'Ask for a fresh registration URL')
            [CompletionResult]::new('batch', 'batch', [CompletionResultType]::ParameterValue, 'Send one request for each row of a file, each exactly once')
            [CompletionResult]::new('echo', 'echo', [CompletionResultType]::ParameterValue, 'Ask whether the service is there')
            [CompletionResult]::new('api', 'api', [CompletionResultType]::ParameterValue, 'Send any request to the API')
            [CompletionResult]::new('listen', 'listen', [CompletionResultType]::ParameterValue, 'Receive Bango''s notifications: show, save, forward or act on them')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a local imitation of the Bango Platform, to try everything without an account')
            [CompletionResult]::new('auth', 'auth', [CompletionResultType]::ParameterValue, 'Set up credentials, look at them, forget them')
            [CompletionResult]::new('profile', 'profile', [CompletionResultType]::ParameterValue, 'List, choose and remove profiles')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look for what keeps the tool from reaching Bango')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a response code, status, exit code or reason; offline')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Write completions, man pages and reference docs below a folder')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'bango-ent;help;create' {
            break
        }
        'bango-ent;help;get' {
            break
        }
        'bango-ent;help;list' {
            break
        }
        'bango-ent;help;update' {
            break
        }
        'bango-ent;help;suspend' {
            break
        }
        'bango-ent;help;resume' {
            break
        }
        'bango-ent;help;cancel' {
            break
        }
        'bango-ent;help;revoke' {
            break
        }
        'bango-ent;help;wait' {
            break
        }
        'bango-ent;help;activation-url' {
            break
        }
        'bango-ent;help;batch' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how far a batch is, from its journal: finished, running or dead')
            break
        }
        'bango-ent;help;batch;status' {
            break
        }
        'bango-ent;help;echo' {
            break
        }
        'bango-ent;help;api' {
            break
        }
        'bango-ent;help;listen' {
            break
        }
        'bango-ent;help;sandbox' {
            [CompletionResult]::new('reset', 'reset', [CompletionResultType]::ParameterValue, 'Empty the state file')
            break
        }
        'bango-ent;help;sandbox;reset' {
            break
        }
        'bango-ent;help;auth' {
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Set up a profile: credentials, base URL, test or live, defaults')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which settings are in force, where each came from and what it shadows')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget the password of a profile')
            break
        }
        'bango-ent;help;auth;login' {
            break
        }
        'bango-ent;help;auth;status' {
            break
        }
        'bango-ent;help;auth;logout' {
            break
        }
        'bango-ent;help;profile' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the profiles of the configuration file')
            [CompletionResult]::new('use', 'use', [CompletionResultType]::ParameterValue, 'Use this profile when none is named')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a profile and its password')
            break
        }
        'bango-ent;help;profile;list' {
            break
        }
        'bango-ent;help;profile;use' {
            break
        }
        'bango-ent;help;profile;remove' {
            break
        }
        'bango-ent;help;doctor' {
            break
        }
        'bango-ent;help;explain' {
            break
        }
        'bango-ent;help;completions' {
            break
        }
        'bango-ent;help;generate' {
            break
        }
        'bango-ent;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
