package io.captioner.security;

import io.captioner.web.RequestAuthorizer;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;

/** Makes the gate. There is always one, so that a mode that is misspelt keeps the service from starting. */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
@EnableConfigurationProperties(SecurityProperties.class)
class SecurityConfiguration {
    /** Some ten megabytes at most. */
    private static final int MOST_SENDERS = 50_000;

    @Bean
    RequestAuthorizer gate(SecurityProperties properties) {
        return switch (properties.mode()) {
            case NONE -> RequestAuthorizer.OPEN;
            case API_KEY -> guarded(keys(properties));
            case JWT ->
                guarded(new Tokens(
                        Objects.requireNonNull(properties.jwt(), "bug: checked by the properties"),
                        properties.limits(),
                        Clock.systemUTC()));
        };
    }

    @Bean
    UnauthenticatedWarning openDoorWarning(SecurityProperties properties, Environment environment) {
        return new UnauthenticatedWarning(properties.mode(), environment);
    }

    private static CredentialAuthorizer guarded(Authenticator authenticator) {
        return new CredentialAuthorizer(authenticator, new RateLimiter(MOST_SENDERS, System::nanoTime));
    }

    private static ApiKeys keys(SecurityProperties properties) {
        ApiKeys keys = new ApiKeys(
                Objects.requireNonNull(properties.keys(), "bug: checked by the properties"),
                properties.limits(),
                Executors.newSingleThreadScheduledExecutor(look -> {
                    Thread thread = new Thread(look, "key-watch");
                    thread.setDaemon(true);
                    return thread;
                }));
        return keys.watched(properties.reload());
    }
}
