package io.captioner.security;

import java.net.InetAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** The warning of a service that every client on the network may use. */
final class UnauthenticatedWarning {
    private static final Logger log = LoggerFactory.getLogger(UnauthenticatedWarning.class);

    private final SecurityMode mode;
    private final Environment environment;

    UnauthenticatedWarning(SecurityMode mode, Environment environment) {
        this.mode = mode;
        this.environment = environment;
    }

    @EventListener(ApplicationReadyEvent.class)
    void started() {
        if (isReachableWithoutKey()) {
            log.warn(
                    "EVERY CLIENT THAT REACHES THIS PORT MAY USE THE SERVICE: captioner.security.mode is none, and server.address is no"
                            + " loopback address. Require keys (captioner.security.mode=api-key, see docs/security.md), or set"
                            + " server.address=127.0.0.1");
        }
    }

    boolean isReachableWithoutKey() {
        InetAddress address = environment.getProperty("server.address", InetAddress.class);
        return mode == SecurityMode.NONE && (address == null || !address.isLoopbackAddress());
    }
}
