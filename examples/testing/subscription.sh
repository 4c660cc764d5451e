#!/usr/bin/env bash
# A subscription of thirty days, from the registration to its end. Needs bango-ent and jq.
set -euo pipefail

exec 3< <(exec bango-ent sandbox --ephemeral --port 0 --quiet)
sandbox=$!
exec 4< <(exec bango-ent listen --port 0 --json 2>&1)
webhook=$!
trap 'kill "$sandbox" "$webhook"' EXIT
read -r BANGO_BASE_URL <&3
read -r listening <&4
export BANGO_BASE_URL BANGO_USERNAME=sandbox BANGO_PASSWORD=sandbox

# Waits for a notification with this status.
await() {
  local line
  while read -r -t 20 line <&4; do
    if [[ $line == "{"* && $(jq -r .notification.status <<<"$line") == "$1" ]]; then return; fi
  done
  echo "no notification said $1" >&2
  return 1
}

# The code under test.
subscribe() {
  bango-ent create --user "$1" --merchant BANGO --product BangoMusic --notification-url "$2" \
    --expires "$(jq -rn 'now + 30 * 86400 | todate')" --json
}

created=$(subscribe alice "${listening##* }")
id=$(jq -r .entitlementId <<<"$created")
test "$(jq -r .status <<<"$created")" = PENDING

bango-ent sandbox register "$id" >/dev/null
await ACTIVE

bango-ent sandbox advance 31d >/dev/null
await CANCELLED

bango-ent sandbox requests --customer alice --json |
  jq -e '[.requests[] | [.operation, .request.body.productKey]] == [["create", "BangoMusic"]]' >/dev/null
echo passed
