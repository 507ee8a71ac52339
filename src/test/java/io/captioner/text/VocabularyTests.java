package io.captioner.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTests {
    @TempDir
    Path folder;

    @Test
    void wordsFollowTheFourSpecialTokensInTheirOrder() {
        Vocabulary vocabulary = Vocabulary.ofWords(List.of("dog", "cat"));

        assertThat(vocabulary.size()).isEqualTo(6);
        assertThat(vocabulary.id("dog")).isEqualTo(4);
        assertThat(vocabulary.id("cat")).isEqualTo(5);
        assertThat(vocabulary.word(4)).isEqualTo("dog");
        assertThat(vocabulary.word(Vocabulary.PAD)).isEqualTo("<pad>");
        assertThat(vocabulary.word(Vocabulary.START)).isEqualTo("<start>");
        assertThat(vocabulary.word(Vocabulary.END)).isEqualTo("<end>");
        assertThat(vocabulary.word(Vocabulary.UNKNOWN)).isEqualTo("<unk>");
    }

    @Test
    void aWordOutsideIsUnknown() {
        Vocabulary vocabulary = Vocabulary.ofWords(List.of("dog"));

        assertThat(vocabulary.id("zebra")).isEqualTo(Vocabulary.UNKNOWN);
        assertThat(vocabulary.contains("zebra")).isFalse();
        assertThat(vocabulary.contains("dog")).isTrue();
    }

    @Test
    void anIdOutsideIsRefused() {
        Vocabulary vocabulary = Vocabulary.ofWords(List.of("dog"));

        assertThatThrownBy(() -> vocabulary.word(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> vocabulary.word(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = folder.resolve("vocabulary.txt");
        Vocabulary.ofWords(List.of("dog", "café", "n't")).write(file);

        Vocabulary read = Vocabulary.read(file);

        assertThat(Files.readString(file)).isEqualTo("<pad>\n<start>\n<end>\n<unk>\ndog\ncafé\nn't\n");
        assertThat(read.size()).isEqualTo(7);
        assertThat(read.id("café")).isEqualTo(5);
    }

    @Test
    void aFileWithoutTheSpecialTokensIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("vocabulary.txt"), "dog\ncat\nbird\nfish\nhorse\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vocabulary.read(file))
                .withMessageContaining("begins with");
    }

    @Test
    void aVocabularyWithoutWordsIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Vocabulary.ofWords(List.of()));
    }

    @Test
    void aDoubledWordIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vocabulary.ofWords(List.of("dog", "cat", "dog")))
                .withMessageContaining("'dog' is a duplicate");
    }

    @Test
    void aSpecialTokenAmongTheWordsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vocabulary.ofWords(List.of("dog", "<end>")))
                .withMessageContaining("'<end>'");
    }

    @Test
    void aBlankOrPaddedWordIsRefusedWithItsLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vocabulary.ofWords(List.of("dog", " ")))
                .withMessageContaining("line 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vocabulary.ofWords(List.of("dog ")))
                .withMessageContaining("line 5");
    }
}
