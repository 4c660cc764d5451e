// A subscription of thirty days, from the registration to its end. Needs bango-ent and Java 17 or newer: java SubscriptionTest.java
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

public class SubscriptionTest {
    /** The sandbox, or Bango, as a program reaches it. */
    record Api(String origin, String username, String password) {
        static final HttpClient CLIENT = HttpClient.newHttpClient();

        String call(String method, String path, String body) throws IOException, InterruptedException {
            var credentials = Base64.getEncoder().encodeToString((username + ":" + password).getBytes());
            var request = HttpRequest.newBuilder(URI.create(origin + path))
                .header("Authorization", "Basic " + credentials)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
            var answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            check("2", answer.statusCode() / 100 + "", method + " " + path + ": " + answer.body());
            return answer.body();
        }
    }

    /** The first text of this name. The JDK reads no JSON; your own tests have a library for it. */
    static String text(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":\\s*\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : null;
    }

    static void check(String expected, String found, String what) {
        if (!expected.equals(found)) {
            throw new AssertionError(what + ": expected " + expected + ", found " + found);
        }
    }

    // The code under test.
    static String subscribe(Api api, String customer, String notificationUrl) throws IOException, InterruptedException {
        var end = Instant.now().plus(30, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        return api.call("POST", "/v1/entitlement", """
            {"customerIdentifier": "%s", "merchantAccountKey": "BANGO", "productKey": "BangoMusic",
             "notificationUrl": "%s", "dateExpiry": "%s"}""".formatted(customer, notificationUrl, end));
    }

    static HttpServer startWebhook(BlockingQueue<String> received) throws IOException {
        var webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        webhook.start();
        return webhook;
    }

    static void isNotified(BlockingQueue<String> received, String status) throws InterruptedException {
        var notification = received.poll(20, TimeUnit.SECONDS);
        check(status, notification == null ? "none" : text(notification, "status"), "notification");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var command = List.of("bango-ent", "sandbox", "--ephemeral", "--port", "0", "--json", "--quiet");
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var received = new LinkedBlockingQueue<String>();
        var webhook = startWebhook(received);
        try {
            var sandbox = new Api(text(process.inputReader().readLine(), "dashboard"), "sandbox", "sandbox");

            var created = subscribe(sandbox, "alice", "http://127.0.0.1:" + webhook.getAddress().getPort() + "/bango");
            check("PENDING", text(created, "status"), "status");

            sandbox.call("POST", "/_sandbox/trigger/" + text(created, "entitlementId"), "{\"event\": \"register\"}");
            isNotified(received, "ACTIVE");

            sandbox.call("POST", "/_sandbox/clock", "{\"by\": \"31d\"}");
            isNotified(received, "CANCELLED");

            var requests = sandbox.call("GET", "/_sandbox/requests?customer=alice", "");
            check("1", requests.split("\"operation\"").length - 1 + "", "requests");
            check("create", text(requests, "operation"), "operation");
            check("BangoMusic", text(requests, "productKey"), "product");
            System.out.println("passed");
        } finally {
            process.destroy();
            webhook.stop(0);
        }
    }
}
