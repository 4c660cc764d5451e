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
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
'--wait=[Wait until the user has registered, at most this long \[default\: 10m\]]::TIME:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
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
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(get)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
'--user=[Your own id of the user (customerIdentifier)]:ID:_default' \
'--product=[Of this product only (productKey)]:KEY:_default' \
'--status=[In this status only]:STATUS:(PENDING ACTIVE ACTIVE-ENDING SUSPENDED CANCELLED REVOKED FAILED)' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(update)
_arguments "${_arguments_options[@]}" : \
'--product=[Another product (productKey)]:KEY:_default' \
'--notification-url=[Another place for notifications (notificationUrl)]:URL:_default' \
'--expires=[Another end\: ISO 8601; a date is its first moment in UTC (dateExpiry)]:DATE:_default' \
'--extension-data=[Other data kept with it\: JSON text, @FILE, or - for standard input (extensionData)]:JSON:_default' \
'--user=[Another id of the user (customerIdentifier)]:ID:_default' \
'*--field=[A body field without a flag of its own\: name=text or name\:=json; may be repeated]:NAME=VALUE:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
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
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(suspend)
_arguments "${_arguments_options[@]}" : \
'--benefits=[The value that suspends (entitlementBenefits); not documented by Bango]:VALUE:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(cancel)
_arguments "${_arguments_options[@]}" : \
'--reason=[Why\: category and code; one that is not listed is sent with a note]:CATEGORY/CODE:((CUSTOMER_CANCELLED/NOT_RENEWED\:"the customer did not renew"
CUSTOMER_CANCELLED/CHANGED_SERVICE\:"the customer changed to another service"
CUSTOMER_CANCELLED/SUBSCRIPTION_CANCELLED\:"the customer cancelled the subscription"
CUSTOMER_CANCELLED/ADDON_CANCELLED\:"the customer cancelled an add-on"
CUSTOMER_CANCELLED/EXPIRED\:"the service ran out"
CUSTOMER_CANCELLED/OTHER\:"the customer ended it for another reason"
REVOKED/ACCOUNT_TERMINATED\:"the customer'\''s account was closed"
REVOKED/SUSPEND_TERMINATED\:"ended after a suspension"
REVOKED/ERROR\:"given in error"
REVOKED/FRAUD\:"fraud"
REVOKED/IMMEDIATE_CANCELLATION\:"cancelled with immediate effect"
REVOKED/OTHER\:"taken away for another reason"))' \
'--description=[Why, in your own words (cancelReasonDescription)]:TEXT:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'-y[Do not ask for confirmation]' \
'--yes[Do not ask for confirmation]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(revoke)
_arguments "${_arguments_options[@]}" : \
'--reason=[Why\: category and code; one that is not listed is sent with a note]:CATEGORY/CODE:((CUSTOMER_CANCELLED/NOT_RENEWED\:"the customer did not renew"
CUSTOMER_CANCELLED/CHANGED_SERVICE\:"the customer changed to another service"
CUSTOMER_CANCELLED/SUBSCRIPTION_CANCELLED\:"the customer cancelled the subscription"
CUSTOMER_CANCELLED/ADDON_CANCELLED\:"the customer cancelled an add-on"
CUSTOMER_CANCELLED/EXPIRED\:"the service ran out"
CUSTOMER_CANCELLED/OTHER\:"the customer ended it for another reason"
REVOKED/ACCOUNT_TERMINATED\:"the customer'\''s account was closed"
REVOKED/SUSPEND_TERMINATED\:"ended after a suspension"
REVOKED/ERROR\:"given in error"
REVOKED/FRAUD\:"fraud"
REVOKED/IMMEDIATE_CANCELLATION\:"cancelled with immediate effect"
REVOKED/OTHER\:"taken away for another reason"))' \
'--description=[Why, in your own words (cancelReasonDescription)]:TEXT:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'-y[Do not ask for confirmation]' \
'--yes[Do not ask for confirmation]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(wait)
_arguments "${_arguments_options[@]}" : \
'--for=[The status to wait for]:STATUS:(PENDING ACTIVE ACTIVE-ENDING SUSPENDED CANCELLED REVOKED)' \
'--timeout=[Give up after this time]:TIME:_default' \
'--interval=[Read it this often at first, then more and more rarely]:TIME:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(activation-url)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'(--no-browser)--browser[Open the registration URL, wherever this runs]' \
'--no-browser[Never open the registration URL]' \
'--qr[Draw the registration URL as a QR code on standard error]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':id -- The entitlement:_default' \
&& ret=0
;;
(batch)
_arguments "${_arguments_options[@]}" : \
'--format=[How the rows are written \[default\: by the file'\''s name\]]:FORMAT:_default' \
'--shard=[Take only the I-th of N equal shares of the rows; with N alone, I is \`JOB_COMPLETION_INDEX\` + 1]:I/N:_default' \
'--action=[What a row asks for that does not say]:ACTION:_default' \
'--merchant=[The merchant, where a row names none \[default\: the profile'\''s\]]:KEY:_default' \
'--product=[The product, where a row names none \[default\: the profile'\''s, for creates\]]:KEY:_default' \
'--offer=[The offer, where a row names none]:KEY:_default' \
'--notification-url=[The URL for notifications, where a row names none \[default\: the profile'\''s, for creates\]]:URL:_default' \
'--expires=[When the entitlement ends, where a row does not say]:DATE:_default' \
'--reason=[Why, for cancel and revoke, where a row does not say]:CATEGORY/CODE:_default' \
'--description=[Why, in your own words, where a row does not say]:TEXT:_default' \
'--journal=[The record of the run, by which it continues \[default\: FILE.journal\]]:FILE:_files' \
'--reconcile-after=[Look a row up before it is repeated, if its answer has been missing for so long]:TIME:_default' \
'--concurrency=[Requests under way at once, at most; fewer while the platform asks for it]:N:_default' \
'--rate=[Requests in a second, at most; shards share it]:N/s:_default' \
'--max-failures=[Stop when more rows fail\: a number, or a share such as 5%, judged once 100 rows are finished]:N|N%:_default' \
'--give-up-after=[Stop when the platform has taken no request for so long]:TIME:_default' \
'--results=[Write each row with its result here, as rows finish; - is standard output. CSV or JSON lines, by the name or like the input]:FILE:_files' \
'--failed=[Write the rows that Bango refused here, as an input that can be run again]:FILE:_files' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--extra-fields[Send columns that this tool does not know as fields of the body]' \
'--allow-duplicates[Send rows that ask for the same thing twice]' \
'--check[Check all rows and send nothing]' \
'--retry-failed[Send the rows again that were answered and did not succeed]' \
'-y[Do not ask before rows that cancel or revoke are sent]' \
'--yes[Do not ask before rows that cancel or revoke are sent]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':file -- The rows\: CSV with a header, or JSON lines; - is standard input:_files' \
":: :_bango-ent__subcmd__batch_commands" \
"*::: :->batch" \
&& ret=0

    case $state in
    (batch)
        words=($line[2] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-batch-command-$line[2]:"
        case $line[2] in
            (status)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::journals -- The journals:_files' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__batch__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-batch-help-command-$line[1]:"
        case $line[1] in
            (status)
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
(echo)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(api)
_arguments "${_arguments_options[@]}" : \
'*--field=[A body field\: name=text or name\:=json; may be repeated]:NAME=VALUE:_default' \
'--input=[Read the body, a JSON object, from this file; - for standard input]:FILE:_files' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':method -- The HTTP method:_default' \
':path -- The path below the base URL, percent-encoded by you; a URL of another host is refused:_default' \
&& ret=0
;;
(listen)
_arguments "${_arguments_options[@]}" : \
'--port=[Listen on this port; 0 picks a free one]:N:_default' \
'--host=[Listen on this IP address; others than loopback let your network in]:ADDRESS:_default' \
'--auth=[Refuse notifications that do not prove themselves in this way]:KIND:((basic\:"HTTP Basic; the secret is user\:password"
api-key\:"An X-Api-Key header"
bearer\:"A Bearer token"))' \
'--secret-file=[Read the secret of --auth from this file instead of BANGO_LISTEN_SECRET]:FILE:_files' \
'--save=[Append each notification to this file, durably and before Bango is answered]:FILE:_files' \
'--forward-to=[Send each notification on to this URL, unchanged]:URL:_default' \
'--exec=[Run this program for each notification, which it reads from standard input; no shell]:COMMAND:_default' \
'--exec-timeout=[End a program of --exec after this time (60, 90s, 2m)]:TIME:_default' \
'*--until=[End when this entitlement has this status; may be repeated, and one is enough]:ID=STATUS:_default' \
'--for-at-most=[End after this time (60, 90s, 2m)]:TIME:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--forward-auth[Send the Authorization and X-Api-Key headers on as well]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
'--port=[Listen on this port; 0 picks a free one \[default\: 4242\]]:N:_default' \
'--host=[Listen on this IP address; others than loopback let your network in]:ADDRESS:_default' \
'--state=[Keep the state in this file \[default\: sandbox.jsonl in the XDG state directory\]]:FILE:_files' \
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
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'(--state)--ephemeral[Forget everything at the end]' \
'--duplicate-notifications[Send each notification twice]' \
'--shuffle-notifications[Hold notifications back for up to three seconds, so that they overtake each other]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
'--state=[The state file \[default\: sandbox.jsonl in the XDG state directory\]]:FILE:_files' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
(auth)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
":: :_bango-ent__subcmd__auth_commands" \
"*::: :->auth" \
&& ret=0

    case $state in
    (auth)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-auth-command-$line[1]:"
        case $line[1] in
            (login)
_arguments "${_arguments_options[@]}" : \
'--username=[The user name of the credentials]:NAME:_default' \
'--password-file=[Read the password from this file, once]:FILE:_files' \
'--password-command=[Run this whenever the password is needed, without a shell; the password itself is kept nowhere]:COMMAND:_default' \
'(--password-command)--store=[Keep the password here \[default\: keyring\]]:PLACE:((keyring\:"The system'\''s keyring"
file\:"The configuration file, which only you may read"))' \
'--environment=[What the credentials act on; changes by a live profile are announced]:KIND:((test\:"Bango'\''s test set"
live\:"Real users"))' \
'--merchant=[The merchant that commands take if none is given (merchantAccountKey)]:KEY:_default' \
'--product=[The service that commands take if none is given (productKey)]:KEY:_default' \
'--notification-url=[The URL for changes that create takes if none is given (notificationUrl)]:URL:_default' \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--password-stdin[Read the password from standard input]' \
'--no-verify[Save without asking Bango whether the credentials are good]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(status)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--check[Ask Bango whether the credentials are good; exit code 3 if there are none, 11 if they are refused]' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(logout)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
":: :_bango-ent__subcmd__auth__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-auth-help-command-$line[1]:"
        case $line[1] in
            (login)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(status)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(logout)
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
(profile)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
":: :_bango-ent__subcmd__profile_commands" \
"*::: :->profile" \
&& ret=0

    case $state in
    (profile)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-profile-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(use)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':name -- The profile:_default' \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':name -- The profile:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__profile__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-profile-help-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(use)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(remove)
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
(doctor)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
'--dry-run[Show the request and open no connection]' \
'*-v[Show the exchange on standard error; -vv shows the bodies too]' \
'*--verbose[Show the exchange on standard error; -vv shows the bodies too]' \
'-q[Say nothing but results and errors]' \
'--quiet[Say nothing but results and errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(explain)
_arguments "${_arguments_options[@]}" : \
'--profile=[Use this profile of the configuration file, before the environment]:NAME:_default' \
'--base-url=[Reach the API here \[default\: https\://resale.api.bango.net/v1\]]:URL:_default' \
'--request-id=[Use this X-RequestIdentifier\: repeats a request safely \[default\: a new one\]]:ID:_default' \
'--timeout=[End the call, with all its retries, after this time (60, 90s, 2m)]:TIME:_default' \
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
'--retries=[Repeat a request up to N times after a temporary error]:N:_default' \
'--ca-cert=[Trust the PEM certificates in this file as well as the system'\''s]:FILE:_files' \
'--log-file=[Append each attempt to this file as a JSON line]:FILE:_files' \
'--color=[Colour the output]:WHEN:((auto\:"At a terminal, unless the environment says otherwise"
always\:"Always"
never\:"Never"))' \
'--json[Print one JSON document instead of a table, also for errors]' \
'(--profile --base-url)--sandbox[Use the sandbox on this machine, or start one for this command; no profile is read]' \
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
(get)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(update)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(suspend)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(cancel)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(revoke)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(wait)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(activation-url)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(batch)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__help__subcmd__batch_commands" \
"*::: :->batch" \
&& ret=0

    case $state in
    (batch)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-help-batch-command-$line[1]:"
        case $line[1] in
            (status)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(echo)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(api)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(listen)
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
(auth)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__help__subcmd__auth_commands" \
"*::: :->auth" \
&& ret=0

    case $state in
    (auth)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-help-auth-command-$line[1]:"
        case $line[1] in
            (login)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(status)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(logout)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(profile)
_arguments "${_arguments_options[@]}" : \
":: :_bango-ent__subcmd__help__subcmd__profile_commands" \
"*::: :->profile" \
&& ret=0

    case $state in
    (profile)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:bango-ent-help-profile-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(use)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
&& ret=0
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
'get:Read one entitlement' \
'list:List the entitlements of a user' \
'update:Change fields of an entitlement' \
'suspend:Pause the user'\''s access' \
'resume:Give a suspended user access again' \
'cancel:End an entitlement at the end of the paid period' \
'revoke:End an entitlement at once' \
'wait:Wait until an entitlement is in a status' \
'activation-url:Ask for a fresh registration URL' \
'batch:Send one request for each row of a file, each exactly once' \
'echo:Ask whether the service is there' \
'api:Send any request to the API' \
'listen:Receive Bango'\''s notifications\: show, save, forward or act on them' \
'sandbox:Run a local imitation of the Bango Platform, to try everything without an account' \
'auth:Set up credentials, look at them, forget them' \
'profile:List, choose and remove profiles' \
'doctor:Look for what keeps the tool from reaching Bango' \
'explain:Explain a response code, status, exit code or reason; offline' \
'completions:Print the completion script of a shell' \
'generate:Write completions, man pages and reference docs below a folder' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__activation-url_commands] )) ||
_bango-ent__subcmd__activation-url_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent activation-url commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__api_commands] )) ||
_bango-ent__subcmd__api_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent api commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth_commands] )) ||
_bango-ent__subcmd__auth_commands() {
    local commands; commands=(
'login:Set up a profile\: credentials, base URL, test or live, defaults' \
'status:Show which settings are in force, where each came from and what it shadows' \
'logout:Forget the password of a profile' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent auth commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__help_commands] )) ||
_bango-ent__subcmd__auth__subcmd__help_commands() {
    local commands; commands=(
'login:Set up a profile\: credentials, base URL, test or live, defaults' \
'status:Show which settings are in force, where each came from and what it shadows' \
'logout:Forget the password of a profile' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent auth help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__help__subcmd__help_commands] )) ||
_bango-ent__subcmd__auth__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent auth help help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__help__subcmd__login_commands] )) ||
_bango-ent__subcmd__auth__subcmd__help__subcmd__login_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent auth help login commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__help__subcmd__logout_commands] )) ||
_bango-ent__subcmd__auth__subcmd__help__subcmd__logout_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent auth help logout commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__help__subcmd__status_commands] )) ||
_bango-ent__subcmd__auth__subcmd__help__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent auth help status commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__login_commands] )) ||
_bango-ent__subcmd__auth__subcmd__login_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent auth login commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__logout_commands] )) ||
_bango-ent__subcmd__auth__subcmd__logout_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent auth logout commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__auth__subcmd__status_commands] )) ||
_bango-ent__subcmd__auth__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent auth status commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__batch_commands] )) ||
_bango-ent__subcmd__batch_commands() {
    local commands; commands=(
'status:Show how far a batch is, from its journal\: finished, running or dead' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent batch commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__batch__subcmd__help_commands] )) ||
_bango-ent__subcmd__batch__subcmd__help_commands() {
    local commands; commands=(
'status:Show how far a batch is, from its journal\: finished, running or dead' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent batch help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__batch__subcmd__help__subcmd__help_commands] )) ||
_bango-ent__subcmd__batch__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent batch help help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__batch__subcmd__help__subcmd__status_commands] )) ||
_bango-ent__subcmd__batch__subcmd__help__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent batch help status commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__batch__subcmd__status_commands] )) ||
_bango-ent__subcmd__batch__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent batch status commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__cancel_commands] )) ||
_bango-ent__subcmd__cancel_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent cancel commands' commands "$@"
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
(( $+functions[_bango-ent__subcmd__doctor_commands] )) ||
_bango-ent__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent doctor commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__echo_commands] )) ||
_bango-ent__subcmd__echo_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent echo commands' commands "$@"
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
(( $+functions[_bango-ent__subcmd__get_commands] )) ||
_bango-ent__subcmd__get_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent get commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help_commands] )) ||
_bango-ent__subcmd__help_commands() {
    local commands; commands=(
'create:Ask a merchant, through Bango, to activate a service for a user' \
'get:Read one entitlement' \
'list:List the entitlements of a user' \
'update:Change fields of an entitlement' \
'suspend:Pause the user'\''s access' \
'resume:Give a suspended user access again' \
'cancel:End an entitlement at the end of the paid period' \
'revoke:End an entitlement at once' \
'wait:Wait until an entitlement is in a status' \
'activation-url:Ask for a fresh registration URL' \
'batch:Send one request for each row of a file, each exactly once' \
'echo:Ask whether the service is there' \
'api:Send any request to the API' \
'listen:Receive Bango'\''s notifications\: show, save, forward or act on them' \
'sandbox:Run a local imitation of the Bango Platform, to try everything without an account' \
'auth:Set up credentials, look at them, forget them' \
'profile:List, choose and remove profiles' \
'doctor:Look for what keeps the tool from reaching Bango' \
'explain:Explain a response code, status, exit code or reason; offline' \
'completions:Print the completion script of a shell' \
'generate:Write completions, man pages and reference docs below a folder' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__activation-url_commands] )) ||
_bango-ent__subcmd__help__subcmd__activation-url_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help activation-url commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__api_commands] )) ||
_bango-ent__subcmd__help__subcmd__api_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help api commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__auth_commands] )) ||
_bango-ent__subcmd__help__subcmd__auth_commands() {
    local commands; commands=(
'login:Set up a profile\: credentials, base URL, test or live, defaults' \
'status:Show which settings are in force, where each came from and what it shadows' \
'logout:Forget the password of a profile' \
    )
    _describe -t commands 'bango-ent help auth commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__auth__subcmd__login_commands] )) ||
_bango-ent__subcmd__help__subcmd__auth__subcmd__login_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help auth login commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__auth__subcmd__logout_commands] )) ||
_bango-ent__subcmd__help__subcmd__auth__subcmd__logout_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help auth logout commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__auth__subcmd__status_commands] )) ||
_bango-ent__subcmd__help__subcmd__auth__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help auth status commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__batch_commands] )) ||
_bango-ent__subcmd__help__subcmd__batch_commands() {
    local commands; commands=(
'status:Show how far a batch is, from its journal\: finished, running or dead' \
    )
    _describe -t commands 'bango-ent help batch commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__batch__subcmd__status_commands] )) ||
_bango-ent__subcmd__help__subcmd__batch__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help batch status commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__cancel_commands] )) ||
_bango-ent__subcmd__help__subcmd__cancel_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help cancel commands' commands "$@"
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
(( $+functions[_bango-ent__subcmd__help__subcmd__doctor_commands] )) ||
_bango-ent__subcmd__help__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help doctor commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__echo_commands] )) ||
_bango-ent__subcmd__help__subcmd__echo_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help echo commands' commands "$@"
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
(( $+functions[_bango-ent__subcmd__help__subcmd__get_commands] )) ||
_bango-ent__subcmd__help__subcmd__get_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help get commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__help_commands] )) ||
_bango-ent__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__list_commands] )) ||
_bango-ent__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help list commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__listen_commands] )) ||
_bango-ent__subcmd__help__subcmd__listen_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help listen commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__profile_commands] )) ||
_bango-ent__subcmd__help__subcmd__profile_commands() {
    local commands; commands=(
'list:List the profiles of the configuration file' \
'use:Use this profile when none is named' \
'remove:Remove a profile and its password' \
    )
    _describe -t commands 'bango-ent help profile commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__profile__subcmd__list_commands] )) ||
_bango-ent__subcmd__help__subcmd__profile__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help profile list commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__profile__subcmd__remove_commands] )) ||
_bango-ent__subcmd__help__subcmd__profile__subcmd__remove_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help profile remove commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__profile__subcmd__use_commands] )) ||
_bango-ent__subcmd__help__subcmd__profile__subcmd__use_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help profile use commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__resume_commands] )) ||
_bango-ent__subcmd__help__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help resume commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__revoke_commands] )) ||
_bango-ent__subcmd__help__subcmd__revoke_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help revoke commands' commands "$@"
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
(( $+functions[_bango-ent__subcmd__help__subcmd__suspend_commands] )) ||
_bango-ent__subcmd__help__subcmd__suspend_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help suspend commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__update_commands] )) ||
_bango-ent__subcmd__help__subcmd__update_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help update commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__help__subcmd__wait_commands] )) ||
_bango-ent__subcmd__help__subcmd__wait_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent help wait commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__list_commands] )) ||
_bango-ent__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent list commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__listen_commands] )) ||
_bango-ent__subcmd__listen_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent listen commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile_commands] )) ||
_bango-ent__subcmd__profile_commands() {
    local commands; commands=(
'list:List the profiles of the configuration file' \
'use:Use this profile when none is named' \
'remove:Remove a profile and its password' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent profile commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__help_commands] )) ||
_bango-ent__subcmd__profile__subcmd__help_commands() {
    local commands; commands=(
'list:List the profiles of the configuration file' \
'use:Use this profile when none is named' \
'remove:Remove a profile and its password' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'bango-ent profile help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__help__subcmd__help_commands] )) ||
_bango-ent__subcmd__profile__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent profile help help commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__help__subcmd__list_commands] )) ||
_bango-ent__subcmd__profile__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent profile help list commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__help__subcmd__remove_commands] )) ||
_bango-ent__subcmd__profile__subcmd__help__subcmd__remove_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent profile help remove commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__help__subcmd__use_commands] )) ||
_bango-ent__subcmd__profile__subcmd__help__subcmd__use_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent profile help use commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__list_commands] )) ||
_bango-ent__subcmd__profile__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent profile list commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__remove_commands] )) ||
_bango-ent__subcmd__profile__subcmd__remove_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent profile remove commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__profile__subcmd__use_commands] )) ||
_bango-ent__subcmd__profile__subcmd__use_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent profile use commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__resume_commands] )) ||
_bango-ent__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent resume commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__revoke_commands] )) ||
_bango-ent__subcmd__revoke_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent revoke commands' commands "$@"
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
(( $+functions[_bango-ent__subcmd__suspend_commands] )) ||
_bango-ent__subcmd__suspend_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent suspend commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__update_commands] )) ||
_bango-ent__subcmd__update_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent update commands' commands "$@"
}
(( $+functions[_bango-ent__subcmd__wait_commands] )) ||
_bango-ent__subcmd__wait_commands() {
    local commands; commands=()
    _describe -t commands 'bango-ent wait commands' commands "$@"
}

if [ "$funcstack[1]" = "_bango-ent" ]; then
    _bango-ent "$@"
else
    compdef _bango-ent bango-ent
fi
