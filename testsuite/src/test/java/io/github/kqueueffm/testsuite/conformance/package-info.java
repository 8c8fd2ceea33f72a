// SPDX-License-Identifier: Apache-2.0

/**
 * What {@code kevent(2)} answers, case by case, beside what a BSD kernel answers. The answers are in {@code answers.txt};
 * how a case is brought about is in the classes whose names end in {@code Cases}.
 */
@NullMarked
package io.github.kqueueffm.testsuite.conformance;

import org.jspecify.annotations.NullMarked;
