package io.captioner.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.captioner.security.Client.Limits;
import io.captioner.security.CredentialAuthorizer.Authenticator;
import io.captioner.web.AccessRefusedException;
import io.captioner.web.AccessRefusedException.Reason;
import io.captioner.web.RequestAuthorizer.RequestHead;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialAuthorizerTests {
    private static final Authenticator ONE_KEY = new Authenticator() {
        @Override
        public Client authenticate(String credential) throws AccessRefusedException {
            if (credential.equals("good")) {
                return new Client("shop", "shop", new Limits(1, 5, 5));
            }
            throw Credentials.invalid();
        }

        @Override
        public void close() {}
    };

    private final CredentialAuthorizer authorizer = new CredentialAuthorizer(ONE_KEY, new RateLimiter(9, () -> 0));

    private record Caller(String method, String path, Map<String, List<String>> sent) implements RequestHead {
        @Override
        public List<String> headers(String name) {
            return sent.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }
    }

    @Test
    void aKeyComesInEitherHeader() throws Exception {
        assertThat(authorizer.authorize(post("authorization", "Bearer good")).caller())
                .isEqualTo("shop");
        assertThat(authorizer.authorize(post("authorization", "bearer  good ")).caller())
                .isEqualTo("shop");
        assertThat(authorizer.authorize(post("x-api-key", "good")).caller()).isEqualTo("shop");
    }

    @Test
    void noKeyAWrongOneAndSeveralHaveTheirOwnAnswers() {
        assertThat(refusal(new Caller("POST", "/captions", Map.of())))
                .hasMessageContaining("the request has none")
                .extracting(AccessRefusedException::challenge)
                .isEqualTo("Bearer realm=\"captioner\"");
        assertThat(refusal(post("x-api-key", "bad")).challenge()).endsWith("error=\"invalid_token\"");
        assertThat(refusal(post("x-api-key", ""))).hasMessageContaining("the request has none");
        assertThat(refusal(post("authorization", "Basic good"))).hasMessageContaining("the request has none");
        assertThat(refusal(post("authorization", "good"))).hasMessageContaining("the request has none");
        assertThat(refusal(post("x-api-key", "good", "good")).challenge()).endsWith("error=\"invalid_request\"");
        assertThat(refusal(new Caller(
                        "POST",
                        "/captions",
                        Map.of("authorization", List.of("Bearer good"), "x-api-key", List.of("bad")))))
                .hasMessageContaining("several");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic c3RhZ2luZzpzZWNyZXQ=",
                "Digest username=\"a\"",
                "Negotiate YII=",
                "AWS4-HMAC-SHA256 Credential=a",
                "Bearer",
                "Bearer ",
                ""
            })
    void basicAuthenticationOfAProxyIsNoKey(String authorization) throws Exception {
        assertThat(authorizer
                        .authorize(new Caller(
                                "POST",
                                "/captions",
                                Map.of("authorization", List.of(authorization), "x-api-key", List.of("", "good"))))
                        .caller())
                .isEqualTo("shop");
        assertThat(authorizer
                        .authorize(new Caller(
                                "POST", "/captions", Map.of("authorization", List.of(authorization, "Bearer good"))))
                        .caller())
                .isEqualTo("shop");
        assertThat(refusal(post("authorization", authorization))).hasMessageContaining("the request has none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/livez",
                "/readyz",
                "/page/main.js",
                "/swagger-ui.html",
                "/archive",
                "/archive/",
                "/archive/gallery.js",
                "/swagger-ui/index.html",
                "/v3/api-docs",
                "/v3/api-docs/swagger-config"
            })
    void probesAndTheDescriptionAreReadWithoutAKey(String path) throws Exception {
        assertThat(authorizer.authorize(new Caller("GET", path, Map.of())).caller())
                .isNull();
        refusal(new Caller("POST", path, Map.of()));
        refusal(new Caller("OPTIONS", path, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/captions",
                "/models",
                "/actuator/health",
                "/livez/",
                "/livezz",
                "/nowhere",
                "/error",
                "/models/%2e%2e",
                "/models/..;/livez",
                "/page",
                "/page/../models",
                "/archives",
                "/archive/../captions",
                "/archive/..;/captions",
                "/swagger-ui/../models",
                "/swagger-ui/%2e%2e/models",
                "/swagger-ui/..;/models",
                "/swagger-ui//../models",
                "/swagger-ui/.\\../models",
                "//",
                "/LIVEZ"
            })
    void everyOtherEndpointNeedsOne(String path) {
        assertThat(refusal(new Caller("GET", path, Map.of())).reason()).isEqualTo(Reason.UNAUTHORIZED);
    }

    private AccessRefusedException refusal(RequestHead head) {
        AccessRefusedException[] refusal = new AccessRefusedException[1];
        assertThatExceptionOfType(AccessRefusedException.class)
                .isThrownBy(() -> authorizer.authorize(head))
                .satisfies(refused -> refusal[0] = refused);
        return refusal[0];
    }

    private static Caller post(String header, String... values) {
        return new Caller("POST", "/captions", Map.of(header, List.of(values)));
    }
}
