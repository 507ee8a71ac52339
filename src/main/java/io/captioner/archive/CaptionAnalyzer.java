package io.captioner.archive;

import java.io.IOException;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.tartarus.snowball.ext.englishStemmer;

/**
 * Words in lower case, by their English stems: {@code dogs} is found by {@code dog}. Lucene's own stemmers come with
 * classes of Snowball that the scores of captions have in another version.
 */
final class CaptionAnalyzer extends Analyzer {
    @Override
    protected TokenStreamComponents createComponents(String field) {
        Tokenizer words = new StandardTokenizer();
        return new TokenStreamComponents(words, new StemFilter(new LowerCaseFilter(words)));
    }

    @Override
    protected TokenStream normalize(String field, TokenStream words) {
        return new LowerCaseFilter(words);
    }

    private static final class StemFilter extends TokenFilter {
        private final englishStemmer stemmer = new englishStemmer();
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

        StemFilter(TokenStream words) {
            super(words);
        }

        @Override
        public boolean incrementToken() throws IOException {
            if (!input.incrementToken()) {
                return false;
            }
            stemmer.setCurrent(term.toString());
            stemmer.stem();
            term.setEmpty().append(stemmer.getCurrent());
            return true;
        }
    }
}
