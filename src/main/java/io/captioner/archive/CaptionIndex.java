package io.captioner.archive;

import io.captioner.archive.ArchiveQuery.Order;
import io.captioner.archive.ArchivedCaption.Correction;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleDocValuesField;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Lucene index of the archive. Changes are found at once, and are on the disk after {@link #commit}. One thread
 * changes it, any thread reads it.
 */
final class CaptionIndex implements Closeable {
    private static final String ID = "id";
    private static final String SHA256 = "sha256";
    private static final String WORDS = "words";
    private static final String TIME = "time";
    private static final String CONFIDENCE = "confidence";
    private static final String ENTRY = "entry";
    private static final String THUMBNAIL = "thumbnail";

    /** The key, in the data of a commit, of the log's first file that the index does not have. */
    private static final String LOG = "log";

    /** A deletion rewrites the segment that it is in: that must not take long. */
    private static final int MAX_SEGMENT_MEBIBYTES = 512;

    private static final SortField NEWEST = new SortField(TIME, SortField.Type.LONG, true);
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Directory directory;
    private final CaptionAnalyzer analyzer = new CaptionAnalyzer();
    private final QueryBuilder words = new QueryBuilder(analyzer);
    private final IndexWriter writer;
    private final SearcherManager searchers;
    /** The ids that were added since the searcher was refreshed. */
    private final Set<String> added = ConcurrentHashMap.newKeySet();

    /** Opens or makes the index in a directory, as it was last committed. */
    CaptionIndex(Path path) throws IOException {
        this.directory = FSDirectory.open(path);
        IndexWriter opened = null;
        try {
            opened = new IndexWriter(directory, config());
            this.searchers = new SearcherManager(opened, new SearcherFactory());
        } catch (IOException | RuntimeException | Error e) {
            if (opened != null) {
                opened.rollback();
            }
            directory.close();
            throw e;
        }
        this.writer = opened;
    }

    private IndexWriterConfig config() {
        TieredMergePolicy merges = new TieredMergePolicy();
        merges.setMaxMergedSegmentMB(MAX_SEGMENT_MEBIBYTES);
        merges.setForceMergeDeletesPctAllowed(0); // what was deleted must leave the disk
        return new IndexWriterConfig(analyzer).setMergePolicy(merges).setCommitOnClose(false);
    }

    /** Returns the number of the log's first file that the index does not have. */
    long firstLog() {
        Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
        if (data != null) {
            for (Map.Entry<String, String> entry : data) {
                if (entry.getKey().equals(LOG)) {
                    return Long.parseLong(entry.getValue());
                }
            }
        }
        return 0;
    }

    /** Makes all changes durable, and notes with them from which file of the log on changes would be missing. */
    void commit(long nextLog) throws IOException {
        writer.setLiveCommitData(Map.of(LOG, Long.toString(nextLog)).entrySet());
        writer.commit();
        refresh();
    }

    void apply(Change change) throws IOException {
        ArchivedCaption keep = change.keep();
        if (keep != null && !has(keep.id())) {
            put(keep, change.thumbnail());
            added.add(keep.id());
        }
        if (change.correct() != null) {
            correct(change.correct(), change.correction());
        }
        if (change.delete() != null) {
            writer.deleteDocuments(new Term(ID, change.delete()));
            refresh();
        }
    }

    private void correct(String id, @Nullable Correction correction) throws IOException {
        ArchivedCaption entry = find(id);
        if (entry != null) {
            put(entry.with(correction), thumbnail(id));
            refresh();
        }
    }

    private void put(ArchivedCaption entry, byte @Nullable [] thumbnail) throws IOException {
        Document document = new Document();
        document.add(new StringField(ID, entry.id(), Field.Store.NO));
        document.add(new StringField(SHA256, entry.sha256(), Field.Store.NO));
        document.add(new TextField(WORDS, entry.text(), Field.Store.NO));
        if (entry.correction() != null) {
            document.add(new TextField(WORDS, entry.correction().text(), Field.Store.NO));
        }
        long time = entry.time().toEpochMilli();
        document.add(new LongPoint(TIME, time));
        document.add(new NumericDocValuesField(TIME, time));
        document.add(new DoublePoint(CONFIDENCE, entry.confidence()));
        document.add(new DoubleDocValuesField(CONFIDENCE, entry.confidence()));
        document.add(new StoredField(ENTRY, JSON.writeValueAsBytes(entry)));
        if (thumbnail != null) {
            document.add(new StoredField(THUMBNAIL, thumbnail));
        }
        writer.updateDocument(new Term(ID, entry.id()), document);
    }

    /** Returns whether there is an entry of this id. */
    boolean has(String id) throws IOException {
        return added.contains(id) || searching(searcher -> searcher.count(new TermQuery(new Term(ID, id))) > 0);
    }

    @Nullable ArchivedCaption find(String id) throws IOException {
        BytesRef json = stored(id, ENTRY);
        return json == null ? null : entry(json);
    }

    byte @Nullable [] thumbnail(String id) throws IOException {
        BytesRef jpeg = stored(id, THUMBNAIL);
        return jpeg == null ? null : BytesRef.deepCopyOf(jpeg).bytes;
    }

    private @Nullable BytesRef stored(String id, String field) throws IOException {
        refresh();
        return this.<@Nullable BytesRef>searching(searcher -> {
            ScoreDoc[] found = searcher.search(new TermQuery(new Term(ID, id)), 1).scoreDocs;
            return found.length == 0
                    ? null
                    : searcher.storedFields()
                            .document(found[0].doc, Set.of(field))
                            .getBinaryValue(field);
        });
    }

    ArchivePage search(ArchiveQuery wanted) throws IOException {
        refresh();
        Query query = query(wanted);
        return searching(searcher -> {
            TopDocs found = searcher.search(query, wanted.reach(), sort(wanted));
            List<ArchivedCaption> entries = new ArrayList<>();
            for (int i = wanted.page() * wanted.size(); i < found.scoreDocs.length; i++) {
                entries.add(entry(searcher.storedFields()
                        .document(found.scoreDocs[i].doc, Set.of(ENTRY))
                        .getBinaryValue(ENTRY)));
            }
            return new ArchivePage(searcher.count(query), entries);
        });
    }

    private Query query(ArchiveQuery wanted) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        if (wanted.words() == null) {
            all.add(new MatchAllDocsQuery(), Occur.FILTER);
        } else {
            Query any = words.createBooleanQuery(WORDS, wanted.words());
            all.add(any == null ? new MatchNoDocsQuery("no words") : any, Occur.MUST);
        }
        if (wanted.sha256() != null) {
            all.add(new TermQuery(new Term(SHA256, wanted.sha256())), Occur.FILTER);
        }
        if (wanted.from() != null || wanted.to() != null) {
            all.add(
                    LongPoint.newRangeQuery(
                            TIME,
                            wanted.from() == null ? Long.MIN_VALUE : millis(wanted.from()),
                            wanted.to() == null ? Long.MAX_VALUE : millis(wanted.to()) - 1),
                    Occur.FILTER);
        }
        if (wanted.minConfidence() != null || wanted.maxConfidence() != null) {
            all.add(
                    DoublePoint.newRangeQuery(
                            CONFIDENCE,
                            wanted.minConfidence() == null ? 0 : wanted.minConfidence(),
                            wanted.maxConfidence() == null ? 1 : wanted.maxConfidence()),
                    Occur.FILTER);
        }
        return all.build();
    }

    /** Rounded up: times of entries are whole milliseconds. */
    private static long millis(Instant time) {
        return time.plusNanos(999_999).toEpochMilli();
    }

    private static Sort sort(ArchiveQuery wanted) {
        return switch (wanted.order()) {
            case RELEVANCE -> wanted.words() == null ? new Sort(NEWEST) : new Sort(SortField.FIELD_SCORE, NEWEST);
            case NEWEST -> new Sort(NEWEST);
            case OLDEST -> new Sort(new SortField(TIME, SortField.Type.LONG));
            case CONFIDENCE, UNCERTAINTY ->
                new Sort(new SortField(CONFIDENCE, SortField.Type.DOUBLE, wanted.order() == Order.CONFIDENCE), NEWEST);
        };
    }

    /** Deletes the entries before a time. */
    void deleteBefore(Instant time) throws IOException {
        writer.deleteDocuments(LongPoint.newRangeQuery(TIME, Long.MIN_VALUE, time.toEpochMilli() - 1));
        refresh();
    }

    /** Deletes the oldest entries, about as many as given. */
    void deleteOldest(int entries) throws IOException {
        refresh();
        Instant first = this.<@Nullable Instant>searching(searcher -> {
            Sort oldest = new Sort(new SortField(TIME, SortField.Type.LONG));
            ScoreDoc[] found = searcher.search(new MatchAllDocsQuery(), Math.max(1, entries), oldest).scoreDocs;
            return found.length == 0
                    ? null
                    : entry(searcher.storedFields()
                                    .document(found[found.length - 1].doc, Set.of(ENTRY))
                                    .getBinaryValue(ENTRY))
                            .time();
        });
        if (first != null) {
            deleteBefore(first.plusMillis(1));
        }
    }

    /** Removes the bytes of deleted entries from the index, which takes as long as their segments are large. */
    void purge() throws IOException {
        writer.forceMergeDeletes();
        writer.deleteUnusedFiles();
    }

    int entries() throws IOException {
        refresh();
        return searching(searcher -> searcher.getIndexReader().numDocs());
    }

    /** Returns how many bytes its files have. */
    long bytes() throws IOException {
        long bytes = 0;
        for (String file : directory.listAll()) {
            try {
                bytes += directory.fileLength(file);
            } catch (NoSuchFileException merged) {
                // Its entries are in another file, which counts.
            }
        }
        return bytes;
    }

    /** Closes it without a commit. */
    @Override
    public void close() throws IOException {
        try (directory) {
            searchers.close();
            writer.rollback();
        }
    }

    private void refresh() throws IOException {
        Set<String> before = Set.copyOf(added);
        searchers.maybeRefreshBlocking();
        added.removeAll(before);
    }

    private static ArchivedCaption entry(BytesRef json) {
        return JSON.readValue(json.bytes, json.offset, json.length, ArchivedCaption.class);
    }

    /** Uses a searcher. */
    private interface Search<T extends @Nullable Object> {
        T by(IndexSearcher searcher) throws IOException;
    }

    private <T extends @Nullable Object> T searching(Search<T> search) throws IOException {
        IndexSearcher searcher = searchers.acquire();
        try {
            return search.by(searcher);
        } finally {
            try {
                searchers.release(searcher);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
