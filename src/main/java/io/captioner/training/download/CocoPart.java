package io.captioner.training.download;

/** The archives in which COCO is given out that captioning needs. */
enum CocoPart {
    /** Captions of training and validation, some 250 MB. */
    ANNOTATIONS("annotations/annotations_trainval%d.zip"),
    /** Validation pictures, 1 GB of 2017 and 6 GB of 2014. */
    VAL("zips/val%d.zip"),
    /** Training pictures, 18 GB of 2017 and 13 GB of 2014. */
    TRAIN("zips/train%d.zip");

    private final String path;

    CocoPart(String path) {
        this.path = path;
    }

    /** Returns its path below the server's root. */
    String path(int year) {
        return path.formatted(year);
    }

    /** Returns its file name. */
    String fileName(int year) {
        return path(year).substring(path.indexOf('/') + 1);
    }
}
