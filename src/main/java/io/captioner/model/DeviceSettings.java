package io.captioner.model;

/** Where models run and what they compute in. */
record DeviceSettings(ModelDevice device, ModelPrecision precision, GpuProperties gpu) {
    /** Single precision, and the default use of GPUs. */
    static DeviceSettings of(ModelDevice device) {
        return new DeviceSettings(device, ModelPrecision.FLOAT32, GpuProperties.DEFAULTS);
    }

    DeviceSettings onCpu() {
        return new DeviceSettings(ModelDevice.CPU, precision, gpu);
    }
}
