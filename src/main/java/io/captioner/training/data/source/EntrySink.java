package io.captioner.training.data.source;

/** Takes what a captions file holds, in the file's order. */
public interface EntrySink {
    /** Takes one image with its captions. */
    void entry(CaptionEntry entry);

    /**
     * Takes a part of the file that is no image with captions; what follows it is read all the same.
     *
     * @param where its place, for people
     * @param why what it lacks
     */
    void unreadable(String where, String why);
}
