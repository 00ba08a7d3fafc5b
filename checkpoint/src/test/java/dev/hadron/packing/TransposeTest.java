package dev.hadron.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransposeTest {
    @ParameterizedTest
    @CsvSource({"1,1", "1,7", "3,5", "64,64", "65,129", "200,63"})
    void eachElementMovesToItsExchangedPlace(int rows, int columns) {
        byte[] source = new byte[rows * columns];
        for (int i = 0; i < source.length; i++) {
            source[i] = (byte) (i * 31);
        }
        byte[] target = new byte[source.length];

        Transpose.bytes(MemorySegment.ofArray(source), rows, columns, MemorySegment.ofArray(target));

        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                assertThat(target[column * rows + row]).isEqualTo(source[row * columns + column]);
            }
        }
    }
}
