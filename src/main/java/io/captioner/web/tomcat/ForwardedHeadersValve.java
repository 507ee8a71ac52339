package io.captioner.web.tomcat;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.util.NetMask;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.http.MimeHeaders;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Removes the forwarded headers of peers that are no trusted proxies, so that nothing behind this valve trusts them.
 */
final class ForwardedHeadersValve extends ValveBase {
    private static final List<String> HEADERS = List.of(
            "Forwarded",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Prefix",
            "X-Forwarded-Proto",
            "X-Forwarded-Ssl",
            "X-Forwarded-By");
    private static final String PREFIX = "X-Forwarded-Prefix";
    private static final String PREFIX_ATTRIBUTE = ForwardedHeadersValve.class.getName() + ".prefix";

    /** Anything else is no path that a service could be under, and is ignored. */
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)*");

    private static final Pattern DIRECTIVE =
            Pattern.compile("\\b(host|proto)\\s*=\\s*\"?([^;,\"]*)", Pattern.CASE_INSENSITIVE);

    private final List<NetMask> trusted;

    ForwardedHeadersValve(ProxyProperties proxies) {
        super(true);
        this.trusted = proxies.masks();
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        MimeHeaders headers = request.getCoyoteRequest().getMimeHeaders();
        if (HEADERS.stream().anyMatch(name -> headers.getHeader(name) != null)) {
            if (isTrusted(request.getPeerAddr()) && isSound(request)) {
                String prefix = joined(request.getHeaders(PREFIX));
                if (!PATH.matcher(prefix).matches()) {
                    headers.removeHeader(PREFIX);
                } else {
                    request.setAttribute(PREFIX_ATTRIBUTE, prefix);
                }
            } else {
                HEADERS.forEach(headers::removeHeader);
            }
        }
        getNext().invoke(request, response);
    }

    /** Returns the path that trusted proxies serve this service under, with no slash at its end; empty for none. */
    static String prefix(ServletRequest request) {
        return request.getAttribute(PREFIX_ATTRIBUTE) instanceof String prefix ? prefix : "";
    }

    /** Each of several proxies adds its own part. */
    private static String joined(Enumeration<String> prefixes) {
        return Collections.list(prefixes).stream()
                .flatMap(prefix ->
                        Arrays.stream(Objects.requireNonNullElse(prefix, "").split(",")))
                .map(prefix -> prefix.strip().replaceAll("/+$", ""))
                .collect(Collectors.joining());
    }

    /**
     * Whether links can be made of what the headers name. Otherwise all forwarded headers of the request are ignored.
     */
    private static boolean isSound(Request request) {
        return all(request, "X-Forwarded-Host", ForwardedHeadersValve::isHost)
                && all(request, "X-Forwarded-Proto", ForwardedHeadersValve::isScheme)
                && Collections.list(request.getHeaders("Forwarded")).stream()
                        .map(value -> Objects.requireNonNullElse(value, ""))
                        .allMatch(value -> DIRECTIVE
                                .matcher(value)
                                .results()
                                .allMatch(found -> found.group(1).equalsIgnoreCase("host")
                                        ? isHost(found.group(2).strip())
                                        : isScheme(found.group(2).strip())));
    }

    private static boolean all(Request request, String name, Predicate<String> test) {
        return Collections.list(request.getHeaders(name)).stream()
                .flatMap(value ->
                        Arrays.stream(Objects.requireNonNullElse(value, "").split(",")))
                .map(String::strip)
                .allMatch(test);
    }

    private static boolean isScheme(String scheme) {
        return scheme.matches("(?i)(http|ws)s?");
    }

    private static boolean isHost(String host) {
        try {
            return host.matches("[A-Za-z0-9._:\\[\\]-]+") && new URI("http://" + host + "/").getRawAuthority() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private boolean isTrusted(String peer) {
        try {
            // An address, never a name: nothing is looked up.
            InetAddress address = InetAddress.getByName(peer);
            return trusted.stream().anyMatch(network -> network.matches(address));
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /**
     * Which proxies are in front of the service: {@code captioner.proxies.*}.
     *
     * @param trusted networks in CIDR notation whose {@code Forwarded} and {@code X-Forwarded-*} headers count; those of
     *     all other peers are ignored. By default the private, link-local and loopback networks, from which ingress
     *     controllers and reverse proxies come; narrow it to the proxy's own address where clients are in such a network
     *     too. Empty trusts no peer
     */
    @ConfigurationProperties("captioner.proxies")
    record ProxyProperties(
            @DefaultValue({
                "127.0.0.0/8",
                "::1/128",
                "10.0.0.0/8",
                "172.16.0.0/12",
                "192.168.0.0/16",
                "100.64.0.0/10",
                "169.254.0.0/16",
                "fc00::/7",
                "fe80::/10"
            })
            List<String> trusted) {

        /** @throws IllegalArgumentException if one of them is no network */
        ProxyProperties {
            for (String network : trusted) {
                mask(network);
            }
            trusted = List.copyOf(trusted);
        }

        /** Returns the networks. */
        List<NetMask> masks() {
            return trusted.stream().map(ProxyProperties::mask).toList();
        }

        private static NetMask mask(String network) {
            try {
                return new NetMask(network.strip());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "captioner.proxies.trusted must be networks such as 10.0.0.0/8 or fc00::/7, not '%s'"
                                .formatted(network),
                        e);
            }
        }
    }
}
