package io.captioner.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.captioner.archive.ArchivedCaption.Correction;
import org.jspecify.annotations.Nullable;

/**
 * One change of the archive, as a line of its log. Applied twice in the same order, changes leave what they leave once.
 *
 * @param keep the entry that is added, unless one has its id
 * @param thumbnail of the added entry, a JPEG; null for none
 * @param correct the id of the entry whose correction is set
 * @param correction the correction that is set, null to remove it
 * @param delete the id of the entry that is deleted
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once
@JsonInclude(JsonInclude.Include.NON_NULL)
record Change(
        @Nullable ArchivedCaption keep,
        byte @Nullable [] thumbnail,
        @Nullable String correct,
        @Nullable Correction correction,
        @Nullable String delete) {
    static Change keep(ArchivedCaption caption, byte @Nullable [] thumbnail) {
        return new Change(caption, thumbnail, null, null, null);
    }

    static Change correct(String id, @Nullable Correction correction) {
        return new Change(null, null, id, correction, null);
    }

    static Change delete(String id) {
        return new Change(null, null, null, null, id);
    }
}
