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
