// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.benchmarks.load;

import java.util.Arrays;
import java.util.Locale;

/** The middle and the ends of some figures. */
record Spread(double median, double min, double max) {

    /** @param figures at least one */
    static Spread of(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, min, max);
    }
}
