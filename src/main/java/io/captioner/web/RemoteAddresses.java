package io.captioner.web;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.springframework.boot.http.client.InetAddressFilter;

/**
 * The resolver of host names that only returns addresses which photos may be fetched from. Connections are made to the
 * addresses that it returns, so that a later answer of the name server changes nothing.
 */
final class RemoteAddresses implements DnsResolver {
    /**
     * What no public server has, beside what {@link InetAddressFilter} knows. IPv4-mapped addresses are IPv4 addresses
     * in Java.
     */
    private static final String[] NEVER = {
        "168.63.129.16/32", // the platform services of Azure
        "::/96", // IPv4-compatible
        "64:ff9b::/96", // NAT64
        "64:ff9b:1::/48", // NAT64 of a local network
        "2001::/23", // Teredo and other special uses
        "2002::/16", // 6to4
        "3fff::/20", // documentation
        "5f00::/16", // segment routing
        "fec0::/10" // site-local
    };

    private final HostResolver resolver;
    private final InetAddressFilter filter;

    /** @param networks private networks that are allowed too */
    RemoteAddresses(HostResolver resolver, List<String> networks) {
        this.resolver = resolver;
        InetAddressFilter publicOnly = InetAddressFilter.externalAddresses()
                .andNot(InetAddressFilter.specialPurpose(), InetAddressFilter.multicast())
                .andNot(NEVER);
        this.filter = networks.isEmpty() ? publicOnly : publicOnly.or(networks.toArray(String[]::new));
    }

    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface HostResolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    boolean allows(InetAddress address) {
        return filter.matches(address);
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] allowed =
                Arrays.stream(resolver.resolve(host)).filter(this::allows).toArray(InetAddress[]::new);
        if (allowed.length == 0) {
            throw new UnknownHostException("no address that photos may be fetched from");
        }
        return allowed;
    }

    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
        return Arrays.stream(resolve(host))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    /** The reverse look-up is not needed: no authentication is negotiated. */
    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
