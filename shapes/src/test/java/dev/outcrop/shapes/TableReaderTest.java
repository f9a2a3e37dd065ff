package dev.outcrop.shapes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableReaderTest {
    @Test
    void readsFieldsOptionsAndFlags() {
        TableReader line = new TableReader("# comment\nstring\tmin\tmin=3\tmax=-4\tpattern=a=\\t␉b\tsensitive\n");

        assertThat(line.nextLine()).isTrue();
        line.optionsAfter(2);

        assertThat(line.field(1)).isEqualTo("min");
        assertThat(line.wholeOption("min")).hasValue(3);
        assertThat(line.wholeOption("max")).hasValue(-4);
        assertThat(line.option("pattern")).contains("a=\\t\tb");
        assertThat(line.flag("sensitive")).isTrue();
        assertThat(line.flag("min")).isFalse();
        assertThat(line.numberOption("pat")).isEmpty();
        assertThat(line.nextLine()).isFalse();
    }

    @Test
    void readsListsOfValues() {
        TableReader line = new TableReader("string\tX\tvalues=a, b␟␟c\n\tmember\n");

        line.nextLine();
        line.optionsAfter(2);

        assertThat(line.options("values", '\u001f')).containsExactly("a, b", "", "c");
        assertThat(line.options("other", ',')).isEmpty();
        assertThat(line.nextLineBelongs()).isTrue();
    }
}
