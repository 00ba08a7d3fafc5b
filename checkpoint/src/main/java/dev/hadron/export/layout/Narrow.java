package dev.hadron.export.layout;

import dev.hadron.dtype.Bfloat16;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scales and zero points between the types they are computed in and those they are stored in. */
final class Narrow {
    private Narrow() {}

    /** Float32 values, which the type holds exactly, in that type. */
    static Tensor floats(Tensor x, StorageType type) {
        if (type == StorageType.F32) {
            return x;
        }
        float[] values = x.toFloats();
        short[] narrow = new short[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = type == StorageType.BF16 ? Bfloat16.ofFloat(values[i]) : Float.floatToFloat16(values[i]);
        }
        Tensor narrowed = onHeap(type, x.shape());
        MemorySegment.copy(narrow, 0, narrowed.data(), Tensor.SHORT, 0, narrow.length);
        return narrowed;
    }

    /** Int32 values in a byte each. */
    static Tensor bytes(Tensor x, StorageType type) {
        int[] values = x.toInts();
        byte[] narrow = new byte[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (byte) values[i];
        }
        return new Tensor(type, x.shape(), MemorySegment.ofArray(narrow));
    }

    /** The inverse of {@link #floats} or {@link #bytes}: float32 or int32, in memory of its own. */
    static Tensor widened(Tensor x) {
        return switch (x.type()) {
            // A copy: what the scales are read from is unmapped before the weight is used.
            case F32 -> Tensor.ofFloats(x.toFloats(), x.shape().toArray());
            case BF16, F16 -> {
                short[] values = new short[Math.toIntExact(x.elements())];
                MemorySegment.copy(x.data(), Tensor.SHORT, 0, values, 0, values.length);
                float[] wide = new float[values.length];
                for (int i = 0; i < wide.length; i++) {
                    wide[i] = x.type() == StorageType.BF16
                            ? Bfloat16.toFloat(values[i])
                            : Float.float16ToFloat(values[i]);
                }
                yield Tensor.ofFloats(wide, x.shape().toArray());
            }
            case I8, U8 -> {
                byte[] values = x.data().toArray(ValueLayout.JAVA_BYTE);
                int[] wide = new int[values.length];
                for (int i = 0; i < wide.length; i++) {
                    wide[i] = x.type() == StorageType.I8 ? values[i] : Byte.toUnsignedInt(values[i]);
                }
                yield Tensor.ofInts(wide, x.shape().toArray());
            }
            case F64, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, BOOL ->
                throw new CheckpointFormatException(
                        "a tensor of scales or zero points is " + x.type() + "; it must be F32, F16, BF16, I8 or U8");
        };
    }

    /** Float32 values, which FP8 (E4M3) holds exactly, in that type. */
    static Tensor fp8(Tensor x) {
        Tensor narrow = onHeap(StorageType.F8_E4M3, x.shape());
        for (long i = 0; i < x.elements(); i++) {
            narrow.data().set(ValueLayout.JAVA_BYTE, i, FloatFormat.E4M3.encode(x.floatAt(i)));
        }
        return narrow;
    }

    /** The inverse of {@link #fp8}. */
    static Tensor ofFp8(Tensor x) {
        float[] values = new float[Math.toIntExact(x.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = FloatFormat.E4M3.decode(x.data().get(ValueLayout.JAVA_BYTE, i));
        }
        return Tensor.ofFloats(values, x.shape().toArray());
    }

    private static Tensor onHeap(StorageType type, Shape shape) {
        byte[] bytes = new byte[Math.toIntExact(shape.elements() * type.bytes())];
        return new Tensor(type, shape, MemorySegment.ofArray(bytes));
    }
}
