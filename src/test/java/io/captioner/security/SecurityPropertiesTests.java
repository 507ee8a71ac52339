package io.captioner.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.security.Client.Limits;
import io.captioner.security.SecurityConfiguration.UnauthenticatedWarning;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.env.MockEnvironment;

class SecurityPropertiesTests {
    private static final String ISSUER = "captioner.security.jwt.issuer=https://issuer.example";
    private static final String AUDIENCE = "captioner.security.jwt.audience=captioner";
    private static final String JWKS = "captioner.security.jwt.jwk-set-uri=https://issuer.example/jwks";

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(SecurityProperties.class)
    static class Bound {}

    @Test
    void byDefaultNoKeyIsRequired() {
        runner.run(context -> {
            SecurityProperties properties = context.getBean(SecurityProperties.class);
            assertThat(properties.mode()).isEqualTo(SecurityProperties.Mode.NONE);
            assertThat(properties.limits()).isEqualTo(new Limits(50, 100, 64));
        });
    }

    @Test
    void everySpellingOfAModeIsTheMode() {
        for (String mode : List.of("api-key", "API_KEY", "apikey", "ApiKey")) {
            runner.withPropertyValues("captioner.security.mode=" + mode, "captioner.security.keys=keys.txt")
                    .run(context -> assertThat(
                                    context.getBean(SecurityProperties.class).mode())
                            .isEqualTo(SecurityProperties.Mode.API_KEY));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "captioner.security.mode=apikeys",
                "captioner.security.mode=api-key",
                "captioner.security.mode=jwt",
                "captioner.security.keys=keys.txt",
                "captioner.security.reload=0s",
                "captioner.security.limits.burst=0",
                "captioner.security.limits.concurrent=0",
                "captioner.security.limits.requests-per-second=0",
                "captioner.security.limits.requests-per-second=NaN",
            })
    void aSettingWithoutEffectOrAnIncompleteOneStopsTheStart(String property) {
        runner.withPropertyValues(property).run(context -> assertThat(context).hasFailed());
    }

    @Test
    void tokensNeedTheirIssuerTheirAudienceAndItsKeys() {
        String jwt = "captioner.security.mode=jwt";
        runner.withPropertyValues(jwt, ISSUER, AUDIENCE, JWKS)
                .run(context -> assertThat(context).hasNotFailed());
        for (List<String> incomplete :
                List.of(List.of(ISSUER, AUDIENCE), List.of(ISSUER, JWKS), List.of(AUDIENCE, JWKS))) {
            runner.withPropertyValues(jwt)
                    .withPropertyValues(incomplete.toArray(String[]::new))
                    .run(context -> assertThat(context)
                            .getFailure()
                            .rootCause()
                            .hasMessageContaining("all of issuer, audience and jwk-set-uri"));
        }
        runner.withPropertyValues(ISSUER, AUDIENCE, JWKS)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("protects nothing without captioner.security.mode=jwt"));
    }

    @Test
    void onlyAServiceWithoutKeysBeyondLoopbackIsWarnedOf() {
        MockEnvironment anywhere = new MockEnvironment();
        assertThat(new UnauthenticatedWarning(SecurityProperties.Mode.NONE, anywhere).isReachableWithoutKey())
                .isTrue();
        assertThat(new UnauthenticatedWarning(SecurityProperties.Mode.API_KEY, anywhere).isReachableWithoutKey())
                .isFalse();
        assertThat(new UnauthenticatedWarning(SecurityProperties.Mode.NONE, at("0.0.0.0")).isReachableWithoutKey())
                .isTrue();
        assertThat(new UnauthenticatedWarning(SecurityProperties.Mode.NONE, at("127.0.0.1")).isReachableWithoutKey())
                .isFalse();
        assertThat(new UnauthenticatedWarning(SecurityProperties.Mode.NONE, at("::1")).isReachableWithoutKey())
                .isFalse();
    }

    private static MockEnvironment at(String address) {
        MockEnvironment environment = new MockEnvironment().withProperty("server.address", address);
        environment.setConversionService(new org.springframework.boot.convert.ApplicationConversionService());
        return environment;
    }
}
