"""A round trip with the client that openapi-python-client generates: the sandbox is the first argument."""

import datetime
import sys

from client import AuthenticatedClient
from client.api.bango_resale_api import create, echo, get, report
from client.api.control import advance, notifications, requests, trigger
from client.models import Advance, Create, Entitlement, Notification, Report, Status, Trigger, TriggerEvent

# Basic authentication; the generated client knows of a token and its prefix.
api = AuthenticatedClient(sys.argv[1], token="c2FuZGJveDpzYW5kYm94", prefix="Basic", raise_on_unexpected_status=True)
end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)

assert echo.sync("hello", client=api).echo == "hello"

body = Create(
    customer_identifier="alice",
    merchant_account_key="BANGO",
    product_key="BangoMusic",
    notification_url="http://127.0.0.1:9/bango",
    date_expiry=end.strftime("%Y-%m-%dT%H:%M:%SZ"),
)
created = create.sync(client=api, body=body, x_request_identifier="first")
assert isinstance(created, Entitlement), created
assert created.status is Status.PENDING
assert created.parameters.url.startswith(sys.argv[1])
assert create.sync(client=api, body=body, x_request_identifier="first") == created

trigger.sync(created.entitlement_id, client=api, body=Trigger(TriggerEvent.REGISTER))
active = get.sync(created.entitlement_id, client=api)
assert active.status is Status.ACTIVE
assert active.date_expiry == end.replace(microsecond=0)

advance.sync(client=api, body=Advance(by="31d"))
[ended] = report.sync(client=api, body=Report("alice")).entitlements
assert ended.status is Status.CANCELLED

posted = notifications.sync(client=api, customer="alice").notifications
posted = [Notification.from_dict(notification.body) for notification in posted]
assert [notification.status for notification in posted] == [Status.ACTIVE, Status.CANCELLED]

refused = get.sync_detailed("nothing", client=api)
assert (refused.status_code, refused.parsed.response_code) == (404, "NOT_FOUND")

print(*[request.operation for request in requests.sync(client=api, customer="alice").requests])
