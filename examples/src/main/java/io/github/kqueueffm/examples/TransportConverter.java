// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.examples;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a transport's name; picocli's own conversion of an enum shows the names of the constants in its error. */
public final class TransportConverter implements ITypeConverter<Transport> {
    @Override
    public Transport convert(String value) {
        return Arrays.stream(Transport.values())
                .filter(transport -> transport.toString().equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + value + "' is none of "
                        + Arrays.stream(Transport.values())
                                .map(Transport::toString)
                                .collect(Collectors.joining(", "))));
    }
}
