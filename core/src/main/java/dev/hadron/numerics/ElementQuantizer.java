package dev.hadron.numerics;

/**
 * What quantization does to one number: the definition that every kernel repeats bit for bit.
 *
 * <p>Arithmetic is float32, one IEEE operation at a time, without fused multiply and add.
 */
public sealed interface ElementQuantizer
        permits IntElementQuantizer, FloatZeroPointQuantizer, FloatElementQuantizer, BlockElementQuantizer {
    /** The number that {@code x} becomes: quantized, and dequantized in the working type. */
    float fakeQuantize(float x);

    /** The code of {@code x}: an integer in two's complement or a bit pattern, in the low bits. */
    byte encode(float x);

    /** The number that a code stands for, in float32. */
    float decode(byte code);

    /** The code that a checkpoint holds for a weight: that of the fake-quantized number. */
    default byte storedCode(float x) {
        return encode(fakeQuantize(x));
    }
}
