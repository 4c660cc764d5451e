"""A subscription of thirty days, from the registration to its end. Needs bango-ent and pytest."""

import base64
import datetime
import http.server
import json
import queue
import subprocess
import threading
import urllib.request

import pytest


class Api:
    """The sandbox, or Bango, as a program reaches it."""

    def __init__(self, origin, username, password):
        self.origin = origin
        self.authorization = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()

    def call(self, method, path, body=None):
        headers = {"Authorization": self.authorization, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.origin + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)


# The code under test.
def subscribe(api, customer, notification_url):
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=30)
    return api.call("POST", "/v1/entitlement", {
        "customerIdentifier": customer,
        "merchantAccountKey": "BANGO",
        "productKey": "BangoMusic",
        "notificationUrl": notification_url,
        "dateExpiry": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    })


@pytest.fixture
def sandbox():
    command = ["bango-ent", "sandbox", "--ephemeral", "--port", "0", "--json", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        yield Api(json.loads(process.stdout.readline())["dashboard"], "sandbox", "sandbox")
        process.terminate()


@pytest.fixture
def webhook():
    received = queue.Queue()

    class Webhook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            received.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    server.received = received
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def test_a_subscription_begins_with_the_registration_and_ends_after_thirty_days(sandbox, webhook):
    created = subscribe(sandbox, "alice", f"http://127.0.0.1:{webhook.server_port}/bango")
    assert created["status"] == "PENDING"

    sandbox.call("POST", f"/_sandbox/trigger/{created['entitlementId']}", {"event": "register"})
    assert webhook.received.get(timeout=20)["status"] == "ACTIVE"

    sandbox.call("POST", "/_sandbox/clock", {"by": "31d"})
    assert webhook.received.get(timeout=20)["status"] == "CANCELLED"

    requests = sandbox.call("GET", "/_sandbox/requests?customer=alice")["requests"]
    assert [request["operation"] for request in requests] == ["create"]
    assert requests[0]["request"]["body"]["productKey"] == "BangoMusic"
