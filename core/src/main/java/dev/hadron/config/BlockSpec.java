package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import org.jspecify.annotations.Nullable;

/** Blocks of elements along an axis that share a scale of a special form. */
public sealed interface BlockSpec extends DataTypeSpec permits MXSpec, MX6Spec, MX9Spec, BFP16Spec, NVFP4Spec {
    /** The axis that blocks run along; −1, the last, by default. */
    int chAxis();

    /** How many elements share a scale. */
    int blockSize();

    /** Whether scales are found anew for each tensor that passes; true by default, and needed in use. */
    @Nullable
    Boolean isDynamic();

    @Override
    default QuantizationSpec toQuantizationSpec() {
        return QuantizationSpec.builder(dtype())
                .qscheme(QSchemeType.PER_GROUP)
                .observerCls(ObserverType.PER_BLOCK_MX)
                .roundMethod(RoundType.HALF_EVEN)
                .chAxis(chAxis())
                .groupSize(blockSize())
                .isDynamic(isDynamic())
                .build();
    }

    /**
     * What the builders of this family collect.
     *
     * @param <S> what is built
     * @param <B> the builder itself
     */
    abstract class Settings<S extends BlockSpec, B extends Settings<S, B>> {
        int chAxis = -1;
        int blockSize = 32;

        @Nullable
        Boolean isDynamic = true;

        Settings() {}

        /** The axis that blocks run along. */
        public final B chAxis(int value) {
            chAxis = value;
            return self();
        }

        /** Whether scales are found anew for each tensor that passes. */
        public final B isDynamic(@Nullable Boolean value) {
            isDynamic = value;
            return self();
        }

        /** The specification. */
        public abstract S build();

        abstract B self();
    }
}
