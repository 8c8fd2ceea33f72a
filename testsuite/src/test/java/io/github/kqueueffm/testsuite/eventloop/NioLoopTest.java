// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.eventloop;

import io.github.kqueueffm.testsuite.support.NioPairings;

class NioLoopTest extends AbstractLoopTest implements NioPairings {}
