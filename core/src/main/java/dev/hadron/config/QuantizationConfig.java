package dev.hadron.config;

import org.jspecify.annotations.Nullable;

/**
 * How the tensors of a layer are quantized. What isn't said is decided one level up: by the layer's type, then by the whole
 * model; a tensor that no level speaks of isn't quantized.
 *
 * @param inputTensors the layer's input
 * @param outputTensors the layer's output
 * @param weight the layer's weight
 * @param bias the layer's bias
 * @param targetDevice kept, and changes nothing
 */
public record QuantizationConfig(
        @Nullable TensorSetting inputTensors,
        @Nullable TensorSetting outputTensors,
        @Nullable TensorSetting weight,
        @Nullable TensorSetting bias,
        @Nullable DeviceType targetDevice) {
    /** A configuration that says nothing. */
    public static final QuantizationConfig NOTHING_SAID = builder().build();

    /** This configuration, with {@code next} deciding what it doesn't say. */
    public QuantizationConfig orElse(QuantizationConfig next) {
        return new QuantizationConfig(
                inputTensors != null ? inputTensors : next.inputTensors,
                outputTensors != null ? outputTensors : next.outputTensors,
                weight != null ? weight : next.weight,
                bias != null ? bias : next.bias,
                targetDevice != null ? targetDevice : next.targetDevice);
    }

    /** Nothing said. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of a layer. */
    public static final class Builder {
        private @Nullable TensorSetting inputTensors;
        private @Nullable TensorSetting outputTensors;
        private @Nullable TensorSetting weight;
        private @Nullable TensorSetting bias;
        private @Nullable DeviceType targetDevice;

        private Builder() {}

        /** The layer's input. */
        public Builder inputTensors(@Nullable TensorSetting value) {
            inputTensors = value;
            return this;
        }

        /** The layer's input. */
        public Builder inputTensors(DataTypeSpec value) {
            return inputTensors(value.toQuantizationSpec());
        }

        /** The layer's output. */
        public Builder outputTensors(@Nullable TensorSetting value) {
            outputTensors = value;
            return this;
        }

        /** The layer's output. */
        public Builder outputTensors(DataTypeSpec value) {
            return outputTensors(value.toQuantizationSpec());
        }

        /** The layer's weight. */
        public Builder weight(@Nullable TensorSetting value) {
            weight = value;
            return this;
        }

        /** The layer's weight. */
        public Builder weight(DataTypeSpec value) {
            return weight(value.toQuantizationSpec());
        }

        /** The layer's bias. */
        public Builder bias(@Nullable TensorSetting value) {
            bias = value;
            return this;
        }

        /** The layer's bias. */
        public Builder bias(DataTypeSpec value) {
            return bias(value.toQuantizationSpec());
        }

        /** The device that the model is meant for. */
        public Builder targetDevice(@Nullable DeviceType value) {
            targetDevice = value;
            return this;
        }

        /** The configuration. */
        public QuantizationConfig build() {
            return new QuantizationConfig(inputTensors, outputTensors, weight, bias, targetDevice);
        }
    }
}
