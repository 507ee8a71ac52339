package io.captioner.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteAddressesTests {
    /** The name server answers with a public address when it is asked first, and then with one of the inside. */
    @Test
    void theCheckedAddressIsConnectedToAndALaterAnswerIsCheckedAgain() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        RemoteAddresses addresses = new RemoteAddresses(
                host -> answers.getAndIncrement() == 0
                        ? new InetAddress[] {InetAddress.getByName("93.184.215.14")}
                        : new InetAddress[] {InetAddress.getLoopbackAddress()},
                List.of());

        assertThat(addresses.resolve("rebinding.example", 443))
                .containsExactly(new InetSocketAddress(InetAddress.getByName("93.184.215.14"), 443));
        assertThatThrownBy(() -> addresses.resolve("rebinding.example", 443)).isInstanceOf(UnknownHostException.class);
    }

    /** Inner addresses in every notation that the machine's own parser of addresses reads. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "167838211",
                "10.66051",
                "10.1.515",
                "172.16.0.1",
                "2886729729",
                "192.168.1.1",
                "3232235777",
                "100.64.0.1",
                "1681915905",
                "169.254.169.254",
                "2852039166",
                "169.16689662",
                "169.254.43518",
                "::ffff:10.1.2.3",
                "::ffff:a9fe:a9fe",
                "0:0:0:0:0:ffff:c0a8:0101",
                "::169.254.169.254",
                "fe80::1%1",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "fd00:ec2::254",
                "FD12:3456:0::1"
            })
    void noNotationOfAnInnerAddressIsAllowed(String literal) {
        RemoteAddresses addresses = new RemoteAddresses(InetAddress::getAllByName, List.of());

        assertThatThrownBy(() -> addresses.resolve(literal, 443))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no address");
    }

    @Test
    void ofSeveralAddressesOnlyTheAllowedOnesAreUsed() throws Exception {
        InetAddress allowed = InetAddress.getByName("93.184.215.14");
        RemoteAddresses addresses =
                new RemoteAddresses(host -> new InetAddress[] {InetAddress.getByName("10.0.0.1"), allowed}, List.of());

        assertThat(addresses.resolve("both.example")).containsExactly(allowed);
    }

    @Test
    void fetchingNeedsAListOfHosts() {
        assertThatThrownBy(() ->
                        new RemoteProperties(true, List.of(), false, Set.of(443), List.of(), Duration.ofSeconds(5), 8))
                .hasMessageContaining("captioner.remote.hosts");
    }
}
