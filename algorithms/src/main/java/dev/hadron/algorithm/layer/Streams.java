package dev.hadron.algorithm.layer;

import dev.hadron.model.activation.ActivationStore;
import java.io.IOException;

/** Where the residual streams of windows are kept between layers. */
public interface Streams {
    /** A stream by name, empty or with what it held when it was last forced. */
    ActivationStore open(String name) throws IOException;

    /** A store for what is needed within one layer. */
    ActivationStore scratch() throws IOException;
}
