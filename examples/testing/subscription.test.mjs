// A subscription of thirty days, from the registration to its end. Needs bango-ent and Node.js 18 or newer.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { on, once } from "node:events";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { createInterface } from "node:readline";
import { test } from "node:test";

/** The sandbox, or Bango, as a program reaches it. */
class Api {
  constructor(origin, username, password) {
    this.origin = origin;
    this.authorization = `Basic ${btoa(`${username}:${password}`)}`;
  }

  async call(method, path, body) {
    const headers = { authorization: this.authorization, "content-type": "application/json" };
    const options = { method, headers, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000) };
    const answer = await fetch(this.origin + path, options);
    assert.ok(answer.ok, `${method} ${path}: HTTP ${answer.status}`);
    return answer.json();
  }
}

// The code under test.
function subscribe(api, customer, notificationUrl) {
  return api.call("POST", "/v1/entitlement", {
    customerIdentifier: customer,
    merchantAccountKey: "BANGO",
    productKey: "BangoMusic",
    notificationUrl,
    dateExpiry: new Date(Date.now() + 30 * 86_400_000).toISOString(),
  });
}

async function startSandbox(context) {
  const options = ["sandbox", "--ephemeral", "--port", "0", "--json", "--quiet"];
  const child = spawn("bango-ent", options, { stdio: ["ignore", "pipe", "inherit"] });
  context.after(() => child.kill());
  const [line] = await once(createInterface(child.stdout), "line");
  return new Api(JSON.parse(line).dashboard, "sandbox", "sandbox");
}

async function startWebhook(context) {
  const server = createServer(async (request, answer) => {
    server.emit("notification", await json(request));
    answer.end();
  });
  const received = on(server, "notification", { signal: AbortSignal.timeout(60_000) });
  await once(server.listen(0, "127.0.0.1"), "listening");
  context.after(() => server.close());
  const next = async () => (await received.next()).value[0];
  return { url: `http://127.0.0.1:${server.address().port}/bango`, next };
}

test("a subscription begins with the registration and ends after thirty days", async (context) => {
  const sandbox = await startSandbox(context);
  const webhook = await startWebhook(context);

  const created = await subscribe(sandbox, "alice", webhook.url);
  assert.equal(created.status, "PENDING");

  await sandbox.call("POST", `/_sandbox/trigger/${created.entitlementId}`, { event: "register" });
  assert.equal((await webhook.next()).status, "ACTIVE");

  await sandbox.call("POST", "/_sandbox/clock", { by: "31d" });
  assert.equal((await webhook.next()).status, "CANCELLED");

  const { requests } = await sandbox.call("GET", "/_sandbox/requests?customer=alice");
  assert.deepEqual(requests.map((request) => request.operation), ["create"]);
  assert.equal(requests[0].request.body.productKey, "BangoMusic");
});
