#compdef bango-ent

autoload -U is-at-least

_bango-ent() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a passing trouble]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_bango-ent_commands" \
"*::: :->bango-ent" \
&& ret=0
    case $state in
    (bango-ent)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-command-$line[1]:"
        case $line[1] in
            (create)
_arguments "${_arguments_options[@]}" : \
'--user=[Your own, lasting id of the user (customerIdentifier)]:ID:_default' \
'--merchant=[The merchant, as issued by Bango; case matters (merchantAccountKey) \[default\: the profile'\''s\]]:KEY:_default' \
'--product=[The service, as issued by Bango; case matters (productKey) \[default\: the profile'\''s\]]:KEY:_default' \
'--offer=[The offer, where one applies (offerKey)]:KEY:_default' \
'--notification-url=[Where Bango posts changes of the entitlement (notificationUrl) \[default\: the profile'\''s\]]:URL:_default' \
'--entitlement-id=[Your own id for the entitlement; Bango recommends to leave it out (entitlementId)]:ID:_default' \
'--display-name=[A name that a user may see (entitlementDisplayName)]:NAME:_default' \
'--expires=[When Bango ends it for you\: ISO 8601; a date is its first moment in UTC (dateExpiry)]:DATE:_default' \
'--extension-data=[Data kept with it\: JSON text, @FILE, or - for standard input (extensionData)]:JSON:_default' \
'*--field=[A body field without a flag of its own\: name=text or name\:=json; may be repeated]:NAME=VALUE:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a passing trouble]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'(--no-browser)--browser[Open the registration URL, wherever this runs]' \
'--no-browser[Never open the registration URL]' \
'--qr[Draw the registration URL as a QR code on standard error]' \
'--require-active[End with exit code 8 unless the entitlement is ACTIVE]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(sandbox)
_arguments "${_arguments_options[@]}" : \
'--port=[Listen on this port; 0 picks a free one]:N:_default' \
'--host=[Listen on this IP address; others than loopback let your network in]:ADDRESS:_default' \
'--state=[Keep the state in this file \[default\: sandbox.redb in the XDG state directory\]]:FILE:_files' \
'--catalog=[Imitate the merchants and products of this TOML file instead]:FILE:_files' \
'--rate-limit=[Answer at most N API requests per second, and refuse the rest with HTTP 429]:N:_default' \
'--notification-auth=[Authenticate notifications; the secret comes from the environment, see below]:KIND:((basic\:"HTTP Basic; the secret is user\:password"
api-key\:"An X-Api-Key header"
bearer\:"A Bearer token"))' \
'--link-lifetime=[Let registration links expire after this many seconds]:SECONDS:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a passing trouble]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'(--state)--ephemeral[Forget everything at the end]' \
'--duplicate-notifications[Send each notification twice]' \
'--shuffle-notifications[Hold notifications back for up to three seconds, so that they overtake each other]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
":: :_bango-ent__subcmd__sandbox_commands" \
"*::: :->sandbox" \
&& ret=0

    case $state in
    (sandbox)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-sandbox-command-$line[1]:"
        case $line[1] in
            (reset)
_arguments "${_arguments_options[@]}" : \
'--state=[The state file \[default\: sandbox.redb in the XDG state directory\]]:FILE:_files' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a passing trouble]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__sandbox__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-sandbox-help-command-$line[1]:"
        case $line[1] in
            (reset)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(explain)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a passing trouble]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::code -- A response code, status, exit code or reason; without it everything is listed:_default' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a passing trouble]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':shell -- The shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a passing trouble]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':root -- The folder that gets completions/ and docs/:_files' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-help-command-$line[1]:"
        case $line[1] in
            (create)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(sandbox)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__help__subcmd__sandbox_commands" \
"*::: :->sandbox" \
&& ret=0

    case $state in
    (sandbox)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-help-sandbox-command-$line[1]:"
        case $line[1] in
            (reset)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(explain)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_bango-ent_commands] )) ||
_bango-ent_commands() {
    local commands; commands=(
'create:Ask a merchant, through Bango, to activate a service for a user' \
'sandbox:Run a local imitation of the Bango Platform, to try everything without an account' \
'explain:Explain a response code, status, exit code or reason; offline' \
'completions:Print the completion script of a shell' \
'generate:Write completions, man pages and reference docs below a folder' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__completions_commands] )) ||
_bango-ent__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent completions commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__create_commands] )) ||
_bango-ent__subcmd__create_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent create commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__explain_commands] )) ||
_bango-ent__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent explain commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__generate_commands] )) ||
_bango-ent__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent generate commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help_commands] )) ||
_bango-ent__subcmd__help_commands() {
    local commands; commands=(
'create:Ask a merchant, through Bango, to activate a service for a user' \
'sandbox:Run a local imitation of the Bango Platform, to try everything without an account' \
'explain:Explain a response code, status, exit code or reason; offline' \
'completions:Print the completion script of a shell' \
'generate:Write completions, man pages and reference docs below a folder' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__completions_commands] )) ||
_bango-ent__subcmd__help__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help completions commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__create_commands] )) ||
_bango-ent__subcmd__help__subcmd__create_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help create commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__explain_commands] )) ||
_bango-ent__subcmd__help__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help explain commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__generate_commands] )) ||
_bango-ent__subcmd__help__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help generate commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__help_commands] )) ||
_bango-ent__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__sandbox_commands] )) ||
_bango-ent__subcmd__help__subcmd__sandbox_commands() {
    local commands; commands=(
'reset:Empty the state file' \
    )
    _describe -t commands 'bango-ent help sandbox commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__sandbox__subcmd__reset_commands] )) ||
_bango-ent__subcmd__help__subcmd__sandbox__subcmd__reset_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help sandbox reset commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__sandbox_commands] )) ||
_bango-ent__subcmd__sandbox_commands() {
    local commands; commands=(
'reset:Empty the state file' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent sandbox commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__sandbox__subcmd__help_commands] )) ||
_bango-ent__subcmd__sandbox__subcmd__help_commands() {
    local commands; commands=(
'reset:Empty the state file' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent sandbox help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__sandbox__subcmd__help__subcmd__help_commands] )) ||
_bango-ent__subcmd__sandbox__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent sandbox help help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__sandbox__subcmd__help__subcmd__reset_commands] )) ||
_bango-ent__subcmd__sandbox__subcmd__help__subcmd__reset_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent sandbox help reset commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__sandbox__subcmd__reset_commands] )) ||
_bango-ent__subcmd__sandbox__subcmd__reset_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent sandbox reset commands' commands "$@"
}

if [ "$funcstack[1]" = "_bango-ent" ]; then
    _bango-ent "$@"
else
    compdef _bango-ent bango-ent
fi
