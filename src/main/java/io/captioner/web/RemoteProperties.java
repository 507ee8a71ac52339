package io.captioner.web;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Photos that are fetched from URLs: {@code captioner.remote.*}. Off, for a service that fetches what clients name can
 * be used against other servers of its network.
 *
 * @param enabled whether URLs are fetched
 * @param hosts names of hosts that photos may be fetched from: {@code photos.example.org}, {@code *.example.org} for
 *     all names below, or {@code *} for all
 * @param http whether URLs without TLS are allowed too
 * @param ports ports that are connected to
 * @param networks private networks that are allowed besides all public addresses, such as {@code 192.168.1.0/24}
 * @param timeout time for one photo, from its first connection to its last byte
 * @param concurrent photos that are fetched at the same time; requests beyond it get 429
 */
@ConfigurationProperties("captioner.remote")
public record RemoteProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue List<String> hosts,
        @DefaultValue("false") boolean http,
        @DefaultValue({"443", "80"}) Set<Integer> ports,
        @DefaultValue List<String> networks,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("8") int concurrent) {

    /** @throws IllegalArgumentException if URLs are fetched without a list of hosts, or a number is not positive */
    public RemoteProperties {
        hosts = List.copyOf(hosts);
        ports = Set.copyOf(ports);
        networks = List.copyOf(networks);
        if (enabled && hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "captioner.remote.enabled=true needs captioner.remote.hosts: name the hosts that photos are on, or * for all");
        }
        if (timeout.isNegative() || timeout.isZero() || concurrent < 1) {
            throw new IllegalArgumentException(
                    "captioner.remote.timeout and captioner.remote.concurrent must be positive, not %s and %d"
                            .formatted(timeout, concurrent));
        }
    }
}
