// SPDX-License-Identifier: Apache-2.0

package io.github.kqueueffm.testsuite.socket;

import io.github.kqueueffm.testsuite.support.NioUnixPairings;

class NioUnixReregistrationTest extends AbstractReregistrationTest implements NioUnixPairings {}
