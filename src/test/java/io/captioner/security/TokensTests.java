package io.captioner.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.captioner.security.Client.Limits;
import io.captioner.web.AccessRefusedException;
import io.captioner.web.AccessRefusedException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokensTests {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Limits LIMITS = new Limits(5, 6, 7);

    private final ECKey key = key("one");
    private final AtomicInteger fetches = new AtomicInteger();
    private final HttpServer issuer;
    private volatile int status = 200;
    private final Tokens tokens;

    TokensTests() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/jwks", exchange -> {
            fetches.incrementAndGet();
            byte[] set = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, set.length);
            exchange.getResponseBody().write(set);
            exchange.close();
        });
        tokens = new Tokens(
                new SecurityProperties.Jwt(
                        "https://issuer.example",
                        "captioner",
                        URI.create("http://localhost:%d/jwks"
                                .formatted(issuer.getAddress().getPort()))),
                LIMITS,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @BeforeEach
    void start() {
        issuer.start();
    }

    @AfterEach
    void stop() {
        tokens.close();
        issuer.stop(0);
    }

    @Test
    void aGoodTokenIsItsSubjectWhoseNameIsNotLogged() throws Exception {
        assertThat(tokens.authenticate(token(claims -> claims))).isEqualTo(new Client("mill", null, LIMITS));
        assertThat(tokens.authenticate(token(claims -> claims.audience(List.of("other", "captioner")))))
                .isEqualTo(new Client("mill", null, LIMITS));
    }

    @Test
    void aTokenOfAnotherIssuerForAnotherServiceOrOutOfTimeIsRefused() throws Exception {
        refused(token(claims -> claims.issuer("https://evil.example")));
        refused(token(claims -> claims.audience("another-service")));
        refused(token(claims -> claims.audience((String) null)));
        refused(token(claims -> claims.expirationTime(date(Duration.ofMinutes(-2)))));
        refused(token(claims -> claims.expirationTime(null)));
        refused(token(claims -> claims.notBeforeTime(date(Duration.ofMinutes(2)))));
        refused(token(claims -> claims.subject(null)));
        refused(token(claims -> claims.subject("x".repeat(256))));
    }

    @Test
    void aTokenThatTheIssuerDidNotSignIsRefused() throws Exception {
        refused(sign(new ECDSASigner(key("one")), JWSAlgorithm.ES256, claims()));
        refused(new PlainJWT(claims()).serialize());
        // The trick of taking the public key for a secret.
        byte[] secret = key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        refused(sign(new MACSigner(secret), JWSAlgorithm.HS256, claims()));
        String good = token(claims -> claims);
        refused(good.substring(0, good.lastIndexOf('.') + 1));
        for (String nonsense : new String[] {"x", "a.b.c", "....", "e30.e30.e30", "\u0000"}) {
            refused(nonsense);
        }
    }

    @Test
    void anAccessTokenIsTakenAndATokenForAnotherUseIsRefused() throws Exception {
        assertThat(tokens.authenticate(typed("at+jwt")).id()).isEqualTo("mill");
        refused(typed("logout+jwt"));
    }

    @Test
    void inventedKeyIdsCauseFewFetches() throws Exception {
        tokens.authenticate(token(claims -> claims));
        for (int i = 0; i < 20; i++) {
            ECKey invented = key("invented" + i);
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(invented.getKeyID())
                            .build(),
                    claims());
            token.sign(new ECDSASigner(invented));
            refused(token.serialize());
        }

        assertThat(fetches).hasValueLessThanOrEqualTo(3);
        tokens.authenticate(token(claims -> claims));
    }

    @Test
    void whileTheKeysCannotBeFetchedTheTokenCannotBeChecked() throws Exception {
        status = 500;

        AccessRefusedException[] refusal = new AccessRefusedException[1];
        assertThatExceptionOfType(AccessRefusedException.class)
                .isThrownBy(() -> tokens.authenticate(token(claims -> claims)))
                .satisfies(thrown -> refusal[0] = thrown);

        assertThat(refusal[0].reason()).isEqualTo(Reason.UNAVAILABLE);
        assertThat(refusal[0].getMessage()).doesNotContain("http", "localhost");
    }

    private void refused(String token) {
        assertThatExceptionOfType(AccessRefusedException.class)
                .isThrownBy(() -> tokens.authenticate(token))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Reason.UNAUTHORIZED));
    }

    private String token(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        return sign(
                new ECDSASigner(key),
                JWSAlgorithm.ES256,
                change.apply(new JWTClaimsSet.Builder(claims())).build());
    }

    private String typed(String type) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID("one")
                        .type(new JOSEObjectType(type))
                        .build(),
                claims());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    private static JWTClaimsSet claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer.example")
                .audience("captioner")
                .subject("mill")
                .expirationTime(date(Duration.ofMinutes(5)))
                .build();
    }

    private static String sign(JWSSigner signer, JWSAlgorithm algorithm, JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .keyID("one")
                        .type(JOSEObjectType.JWT)
                        .build(),
                claims);
        token.sign(signer);
        return token.serialize();
    }

    private static Date date(Duration fromNow) {
        return Date.from(NOW.plus(fromNow));
    }

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
