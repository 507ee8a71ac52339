package io.captioner.training.encoder;

/** The encoders that settings can name. */
public enum EncoderName {
    /** {@link MobileNetV2}. */
    MOBILENET_V2,
    /** {@link InceptionV3}. */
    INCEPTION_V3,
    /** {@link ResNet} of 50 layers. */
    RESNET50,
    /** {@link ResNet} of 101 layers. */
    RESNET101,
    /** {@link ResNet} of 152 layers. */
    RESNET152,
    /** {@link SavedModelEncoder}. */
    SAVED_MODEL
}
