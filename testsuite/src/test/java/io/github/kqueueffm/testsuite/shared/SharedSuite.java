// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.shared;

import io.github.kqueueffm.testsuite.support.DescriptorLeakCheck;
import io.github.kqueueffm.testsuite.support.UnresponsiveAddress;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** On every class here: what has to happen before the suite's own classes are initialised, and the check after it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({UnresponsiveAddress.class, PermutationStart.class, DescriptorLeakCheck.class, CloseLeftovers.class})
@interface SharedSuite {}
