package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.dtype.WorkingType;
import dev.hadron.error.ConfigException;
import dev.hadron.model.arch.DecoderLayer;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;

/**
 * Folds factors into a layer: the columns of the entry's linear layers are multiplied by {@code s}, the output of what comes before is
 * divided by it, so that the layer computes what it did.
 *
 * <p>Where the previous module is a linear layer of fewer rows than {@code s} has entries (values of grouped-query attention), each of its
 * rows serves several entries: the largest of them is taken for all.
 */
public final class ScaleFolding {
    private final LayerWork work;
    private final int queryGroups;
    private final int headWidth;

    /**
     * Folding into a layer.
     *
     * @param heads query heads
     * @param keyValueHeads heads of keys and values
     * @param headWidth elements of a head
     */
    public ScaleFolding(LayerWork work, int heads, int keyValueHeads, int headWidth) {
        this.work = work;
        this.queryGroups = heads / keyValueHeads;
        this.headWidth = headWidth;
    }

    /** Folds {@code s}, one factor for each channel that the entry's layers read. */
    public void fold(ScalingEntry entry, float[] s) {
        float[] applied =
                work.layer().tensors().containsKey(entry.previous() + ".weight") && isNorm(work.layer(), entry)
                        ? divideNorm(entry.previous() + ".weight", s)
                        : divideLinear(entry.previous(), s);
        for (String linear : entry.layers()) {
            work.update(
                    linear + ".weight",
                    host -> WeightFactors.multiplyColumns(
                            host, applied, work.execution().parallel()));
        }
    }

    private static boolean isNorm(DecoderLayer layer, ScalingEntry entry) {
        return layer.module(entry.previous()).isEmpty();
    }

    /**
     * The factors that the columns get. A norm is written in the checkpoint's own type, and what its rounding changes is given to the columns
     * instead.
     */
    private float[] divideNorm(String norm, float[] s) {
        WorkingType type = work.typeOf(norm);
        float[] applied = s.clone();
        work.update(norm, host -> {
            for (int j = 0; j < s.length; j++) {
                float old = host.floatAt(j);
                float rounded = type.round(old / s[j]);
                if (type != WorkingType.FLOAT32 && rounded != 0f) {
                    applied[j] = old / rounded;
                }
                host.data().set(Tensor.FLOAT, (long) j * Float.BYTES, rounded);
            }
        });
        return applied;
    }

    private float[] divideLinear(String linear, float[] s) {
        Shape shape = work.shape(linear);
        int rows = Math.toIntExact(shape.extent(0));
        float[] ofRows = rows == s.length ? s : largestOfGroups(linear, s, rows);
        divideRows(linear + ".weight", ofRows);
        if (work.layer().tensors().containsKey(linear + ".bias")) {
            divideRows(linear + ".bias", ofRows);
        }
        return rows == s.length ? s : expanded(ofRows, s.length);
    }

    private void divideRows(String tensor, float[] s) {
        work.update(
                tensor,
                host -> WeightFactors.divideRows(host, s, work.execution().parallel()));
    }

    private float[] largestOfGroups(String linear, float[] s, int rows) {
        if (rows * queryGroups != s.length) {
            throw new ConfigException("the factors of " + s.length + " channels can't be taken from the " + rows
                    + " rows of " + linear + " with " + queryGroups
                    + " query heads a key and value head; check num_attention_heads and num_key_value_heads");
        }
        float[] largest = new float[rows];
        for (int j = 0; j < s.length; j++) {
            int row = rowOf(j);
            largest[row] = Math.max(largest[row], s[j]);
        }
        return largest;
    }

    private float[] expanded(float[] ofRows, int channels) {
        float[] s = new float[channels];
        for (int j = 0; j < channels; j++) {
            s[j] = ofRows[rowOf(j)];
        }
        return s;
    }

    /** The row of values that a channel of mixed values comes from. */
    private int rowOf(int channel) {
        int head = channel / headWidth;
        return head / queryGroups * headWidth + channel % headWidth;
    }
}
