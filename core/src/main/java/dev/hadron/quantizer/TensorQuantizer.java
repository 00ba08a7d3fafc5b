package dev.hadron.quantizer;

import dev.hadron.config.DataTypeSpec;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.config.SpecRules;
import dev.hadron.error.InvalidInputException;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.Arena;

/**
 * Quantizes tensors by one specification.
 *
 * <p>The working type is that of the tensor handed in (F32, BF16 or F16); the codes are those that a checkpoint holds (see
 * {@link dev.hadron.numerics.ElementQuantizer#storedCode}).
 */
public final class TensorQuantizer {
    private final QuantizationSpec spec;
    private final Parallel parallel;

    private TensorQuantizer(QuantizationSpec spec, Parallel parallel) {
        this.spec = spec;
        this.parallel = parallel;
    }

    /**
     * A quantizer on the calling thread.
     *
     * @throws dev.hadron.error.ConfigException when the specification isn't complete
     */
    public static TensorQuantizer of(DataTypeSpec spec) {
        return of(spec.toQuantizationSpec(), Parallel.sequential());
    }

    /**
     * A quantizer.
     *
     * @throws dev.hadron.error.ConfigException when the specification isn't complete
     */
    public static TensorQuantizer of(QuantizationSpec spec, Parallel parallel) {
        SpecRules.check(spec, "tensor");
        return new TensorQuantizer(spec, parallel);
    }

    /** {@link #quantize(Tensor, String, Arena)} into memory that lives as long as it is reachable. */
    public QuantizedTensor quantize(Tensor x) {
        return quantize(x, "the tensor", Arena.ofAuto());
    }

    /**
     * Finds scales and zero points and quantizes.
     *
     * @param x F32, F16 or BF16
     * @param name what messages call the tensor
     * @param arena owns the codes
     * @throws InvalidInputException when the tensor holds NaN, infinity or nothing
     * @throws dev.hadron.error.ConfigException when groups don't divide the tensor
     */
    public QuantizedTensor quantize(Tensor x, String name, Arena arena) {
        WeightQuantizer quantizer = WeightQuantizer.of(spec, x.type(), name, parallel);
        for (int pass = 0; pass < quantizer.passes(); pass++) {
            quantizer.scan(pass, x);
        }
        return quantizer.quantize(x, arena);
    }
}
