package io.captioner.training.explore;

import static org.assertj.core.api.Assertions.assertThat;

import io.captioner.training.data.CaptionedPhoto;
import io.captioner.training.data.DatasetFault;
import io.captioner.training.data.ImageValidator.ImageFacts;
import io.captioner.training.data.Split;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplorePageTests {
    private static final ImageFacts FACTS = new ImageFacts("0", 60, 40);

    @Test
    void namesCaptionsAndFaultsAreEscapedWhereverTheyStand() {
        String hostile = "</style><script>alert('${1 + 1} &amp;')</script><img src=x onerror=\"alert(1)\">";
        CaptionedPhoto photo = new CaptionedPhoto(hostile, Path.of("1.jpg"), Split.TRAIN, List.of(hostile));

        String page = page(
                hostile, List.of(photo), List.of(new DatasetFault(hostile, DatasetFault.Kind.values()[0], hostile)));

        assertThat(page)
                .contains("<li>&lt;/style&gt;&lt;script&gt;alert(&#39;${1 + 1} &amp;amp;&#39;)&lt;/script&gt;")
                .contains("alt=\"&lt;/style&gt;")
                .doesNotContain("<script", "<img src=x", "onerror=\"");
        assertThat(page.split("</style>", -1)).hasSize(2);
    }

    @Test
    void ofManyFaultsTheFirstAreListedAndTheRestAreCounted() {
        DatasetFault.Kind kind = DatasetFault.Kind.values()[0];

        String page = page("faulty", List.of(), Collections.nCopies(1250, new DatasetFault("here", kind, "broken")));

        assertThat(page.split("<li>here", -1)).hasSize(201);
        assertThat(page).contains("<b>1,250</b>", "<p>and 1,050 more</p>").doesNotContain("<details open>");
    }

    @Test
    void aDataSetWithoutPhotosIsAPageWithoutFigures() {
        assertThat(page("none", List.of(), List.of()))
                .contains("<b>0</b>photos", "None: every picture was decoded", "0 photos at random")
                .doesNotContain("NaN", "in no split");
    }

    private static String page(String name, List<CaptionedPhoto> photos, List<DatasetFault> faults) {
        return new ExplorePage(
                        name,
                        CaptionStatistics.of(photos),
                        Collections.nCopies(photos.size(), FACTS),
                        photos.stream()
                                .map(photo -> new ExplorePage.Sample(photo, FACTS, new byte[] {1}))
                                .toList(),
                        faults,
                        0)
                .html();
    }
}
