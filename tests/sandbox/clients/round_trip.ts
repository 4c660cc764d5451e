// A round trip with the types that openapi-typescript generates; the sandbox is the first argument.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Status = components["schemas"]["Status"];
type Entitlements = components["schemas"]["Entitlements"];
type Notification = components["schemas"]["Notification"];

function is<T>(found: T, wanted: T): void {
  if (found !== wanted) throw new Error(`expected ${wanted}, found ${found}`);
}

declare const process: { argv: string[] };
const baseUrl = process.argv[2]!;
const api = createClient<paths>({ baseUrl, headers: { authorization: `Basic ${btoa("sandbox:sandbox")}` } });
const dateExpiry = new Date(Date.now() + 30 * 86_400_000).toISOString();

const echo = await api.GET("/v1/echo/{echoRequestId}", { params: { path: { echoRequestId: "hello" } } });
is(echo.data?.echo, "hello");

const created = await api.POST("/v1/entitlement", {
  params: { header: { "X-RequestIdentifier": "first" } },
  body: { customerIdentifier: "alice", merchantAccountKey: "BANGO", productKey: "BangoMusic", notificationUrl: "http://127.0.0.1:9/bango", dateExpiry },
});
is<Status | undefined>(created.data?.status, "PENDING");
is(created.data?.parameters?.url?.startsWith(baseUrl), true);
const path = { entitlementId: created.data!.entitlementId };

await api.POST("/_sandbox/trigger/{entitlementId}", { params: { path }, body: { event: "register" } });
const active = await api.GET("/v1/entitlement/{entitlementId}", { params: { path } });
is<Status | undefined>(active.data?.status, "ACTIVE");
is(active.data?.dateExpiry, dateExpiry);

await api.POST("/_sandbox/clock", { body: { by: "31d" } });
const report = await api.POST("/v1/entitlement/report", { body: { customerIdentifier: "alice" } });
// A fault of the sandbox may answer it with 202, so that both are in the type; an error may be a gateway's page.
is((report.data as Entitlements).entitlements.map((entitlement) => entitlement.status).join(), "CANCELLED");

const posted = await api.GET("/_sandbox/notifications", { params: { query: { customer: "alice" } } });
const bodies = posted.data!.notifications.map((notification) => notification.body as Notification);
is(bodies.map((body) => body.status).join(), "ACTIVE,CANCELLED");

const refused = await api.GET("/v1/entitlement/{entitlementId}", { params: { path: { entitlementId: "nothing" } } });
is(typeof refused.error === "object" && refused.error.responseCode, "NOT_FOUND");

const requests = await api.GET("/_sandbox/requests", { params: { query: { customer: "alice" } } });
console.log(requests.data!.requests.map((request) => request.operation).join(" "));
