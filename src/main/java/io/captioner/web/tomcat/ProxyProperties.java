package io.captioner.web.tomcat;

import java.util.List;
import org.apache.catalina.util.NetMask;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
