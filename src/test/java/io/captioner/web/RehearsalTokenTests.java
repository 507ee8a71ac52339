package io.captioner.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class RehearsalTokenTests {
    private final RehearsalToken token = new RehearsalToken();

    @Test
    void onlyTheSecretOfTheRehearsalThatGoesOnMarksARequest() {
        String secret = token.begin();
        assertThat(secret).hasSize(64).matches("[0-9a-f]+");
        assertThat(token.marks(request(secret))).isTrue();
        assertThat(token.marks(request(secret.substring(1)))).isFalse();
        assertThat(token.marks(request(""))).isFalse();
        assertThat(token.marks(new MockHttpServletRequest())).isFalse();
        token.end();
        assertThat(token.marks(request(secret))).isFalse();
    }

    @Test
    void eachRehearsalHasASecretOfItsOwn() {
        assertThat(token.begin()).isNotEqualTo(token.begin());
    }

    @Test
    void aMarkedRequestIsKnownLater() {
        MockHttpServletRequest request = request(token.begin());
        assertThat(RehearsalToken.isMarked(request)).isFalse();
        token.marks(request);
        token.end();
        assertThat(RehearsalToken.isMarked(request)).isTrue();
    }

    private static MockHttpServletRequest request(String secret) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader(RehearsalToken.HEADER, secret);
        return request;
    }
}
