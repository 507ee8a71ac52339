package io.captioner.training.encoder;

import io.captioner.image.ImagePreparation;

/** Another encoder whose photos are prepared in a way of their own, to the same size. */
final class PreparedEncoder extends DelegatingEncoder {
    private final ImagePreparation preparation;

    /** @throws IllegalArgumentException if the preparation is to another size */
    PreparedEncoder(Encoder encoder, ImagePreparation preparation) {
        super(encoder);
        if (!preparation.size().equals(encoder.inputSize())) {
            throw new IllegalArgumentException(
                    "%s takes %s, not %s".formatted(encoder.name(), encoder.inputSize(), preparation.size()));
        }
        this.preparation = preparation;
    }

    @Override
    public ImagePreparation preparation() {
        return preparation;
    }
}
