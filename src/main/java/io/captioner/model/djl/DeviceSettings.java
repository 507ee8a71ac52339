package io.captioner.model.djl;

import io.captioner.model.ModelDevice;
import io.captioner.model.ModelPrecision;
import io.captioner.model.gpu.GpuProperties;

/** Where models run and what they compute in. */
public record DeviceSettings(ModelDevice device, ModelPrecision precision, GpuProperties gpu) {
    /** Single precision, and the default use of GPUs. */
    public static DeviceSettings of(ModelDevice device) {
        return new DeviceSettings(device, ModelPrecision.FLOAT32, GpuProperties.DEFAULTS);
    }

    DeviceSettings onCpu() {
        return new DeviceSettings(ModelDevice.CPU, precision, gpu);
    }
}
