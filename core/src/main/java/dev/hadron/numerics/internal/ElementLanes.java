package dev.hadron.numerics.internal;

import dev.hadron.numerics.ElementQuantizer;
import dev.hadron.numerics.FloatElementQuantizer;
import dev.hadron.numerics.IntElementQuantizer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** An {@link ElementQuantizer} on vectors, bit for bit. */
sealed interface ElementLanes permits IntegerLanes, FloatingLanes {
    /** The same quantization. */
    static ElementLanes of(ElementQuantizer quantizer) {
        return switch (quantizer) {
            case IntElementQuantizer integer -> new IntegerLanes(integer);
            case FloatElementQuantizer floating -> new FloatingLanes(floating);
        };
    }

    /** {@link ElementQuantizer#fakeQuantize} of each lane. */
    FloatVector fakeQuantize(FloatVector x);

    /** {@link ElementQuantizer#storedCode} of each lane, as an unsigned number. */
    IntVector storedCode(FloatVector x);

    /** {@link ElementQuantizer#decode} of each lane, which holds a byte, sign-extended. */
    FloatVector decode(IntVector codes);
}
