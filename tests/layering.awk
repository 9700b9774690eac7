# The walls of the house, one line of code at a time. Prints "file:line: what is wrong: the line".
# Input: C++ files and CMakeLists.txt, paths relative to the root. Written for mawk: no \b, no {n}.

# --- Rooms --------------------------------------------------------------------------------------

BEGIN {
  # daemon -> cycle -> {spec, batch, plan} -> core; the three in the middle do not know each other.
  # What proves who we are is beside them: entra, which only daemon knows.
  # The formula language is a leaf that product and emulator share.
  may["core"] = " core "
  may["autoscale"] = " autoscale core "
  may["spec"] = " spec autoscale core "
  may["batch"] = " batch core "
  may["entra"] = " entra core "
  may["plan"] = " plan core "
  may["cycle"] = " cycle spec batch plan core "
  may["daemon"] = " daemon cycle spec batch entra plan autoscale core "
  may["emulator"] = " emulator autoscale "
  may["tests"] = " tests daemon cycle spec batch entra plan autoscale core emulator "

  # What the pure rooms may take from the standard library is open, but for whatever reaches out.
  io_headers = " fstream iostream istream ostream sstream print filesystem thread mutex " \
    "shared_mutex condition_variable future atomic semaphore latch barrier random csignal " \
    "syncstream coroutine "
}

function RoomOf(path) {
  if (path ~ /^reconciler\/[a-z_]+\//) { split(path, part, "/"); return part[2] }
  if (path ~ /^daemon\//) return "daemon"
  if (path ~ /^tests\/emulator\//) return "emulator"
  if (path ~ /^tests\//) return "tests"
  return ""
}

function Complain(what) { printf "%s:%d: %s: %s\n", FILENAME, FNR, what, line; bad = 1 }

FNR == 1 { room = RoomOf(FILENAME); product = FILENAME ~ /^(reconciler|daemon)\// }

# --- Comments do not count, but for one rule ---------------------------------------------------

{ line = $0 }

room == "emulator" && /schemas\/|[a-z-]\.schema\.json|EmbeddedSchema/ {
  Complain("the emulator knows the service from its own data, not from schemas/")
}

{
  if (FILENAME ~ /CMakeLists.txt$|\.cmake$/) sub(/#.*/, "")
  else sub(/\/\/.*/, "")
}

# --- CMake: what is linked, what is named -------------------------------------------------------

FILENAME ~ /CMakeLists.txt$|\.cmake$/ { Cmake(); next }

function Cmake(   rest, name) {
  if (room == "" || room == "tests") return
  rest = $0
  while (match(rest, /reconciler_[a-z]+|poolkeeper_daemon|emulator_[a-z]+/)) {
    name = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    sub(/^reconciler_/, "", name); sub(/^poolkeeper_/, "", name); sub(/^emulator_.*/, "emulator", name)
    if (!index(may[room], " " name " ")) Complain("room " room " must not link or name " name)
  }
  if ($0 ~ /\.\.\//) Complain("a path out of the room")
  rest = $0
  while (match(rest, /[}\/](reconciler|daemon|tests|schemas)\/[a-z_]*/)) {
    name = substr(rest, RSTART + 1, RLENGTH - 1)
    rest = substr(rest, RSTART + RLENGTH)
    if (name ~ /^schemas\// && room == "core") continue
    if (!index(may[room], " " RoomOf(name "/x") " ")) Complain("room " room " must not name " name)
  }
  if (/CURL::/ && room != "batch") Complain("only batch links libcurl")
  if (/yaml-cpp/ && room != "spec" && room != "emulator") Complain("only spec links yaml-cpp")
  if (/RAPIDJSON/ && room != "core" && room != "emulator") Complain("only core uses RapidJSON")
}

# --- Includes -----------------------------------------------------------------------------------

/^[ \t]*#[ \t]*include/ { Include(); next }

function Include(   header, quoted, target) {
  header = $0
  quoted = header ~ /"/
  sub(/^[ \t]*#[ \t]*include[ \t]*[<"]/, "", header)
  sub(/[>"].*/, "", header)
  if (header ~ /\.\./) Complain("an include with .. in its path")
  target = RoomOf(header)
  if (quoted && target == "") Complain("includes of ours have their path from the root")
  if (target != "" && !index(may[room], " " target " ")) {
    Complain("room " room " must not include " target)
  }
  if (header ~ /^rapidjson\// && FILENAME != "reconciler/core/json.cc" && room != "emulator" &&
      FILENAME != "tests/daemon/output_schema.cc") {  # which validates, as nobody else does
    Complain("only reconciler/core/json.cc includes RapidJSON")
  }
  if (header ~ /^yaml-cpp\// && room != "spec" && room != "emulator") {
    Complain("only reconciler/spec/ includes yaml-cpp")
  }
  # yaml_headers: headers of spec that include yaml-cpp. They are for its .cc files alone.
  if (index(yaml_headers, " " header " ") && !(room == "spec" && FILENAME ~ /\.cc$/)) {
    Complain("a header with yaml-cpp in it must stay inside of spec")
  }
  if (header ~ /^curl\// && product && FILENAME !~ /^reconciler\/batch\/curl_transport/) {
    Complain("only reconciler/batch/curl_transport* includes libcurl")
  }
  if (header ~ /^boost\// && product) Complain("Boost serves the emulator only")
  if (room == "core" || room == "plan" || room == "autoscale") {
    if (index(io_headers, " " header " ")) Complain("an IO header in a pure room")
    if (header ~ /\.h$/ && target == "" && header !~ /^(fmt|openssl|rapidjson)\//) {
      Complain("a C or system header in a pure room")
    }
    if (room != "core" && header ~ /^openssl\//) Complain(room " hashes through core/digest.h")
  }
}

# --- Direct reads of the outside world ----------------------------------------------------------

# `name` stands in the line as a whole word.
function Word(name) { return (" " $0 " ") ~ ("[^A-Za-z0-9_]" name "[^A-Za-z0-9_]") }
# `name` is called as a free function.
function Called(name) { return (" " $0) ~ ("(^|[^A-Za-z0-9_.>:]|std::|[^A-Za-z0-9_]::)" name "[ \t]*\\(") }

# The first pattern is here for speed alone: it holds a piece of every word that Doors looks for.
/now|time|clock|rand|getent|arc4|RAND|mt19937|uniform_|env|open|fstream|filesystem|std::c|put|print|system|fork|execve|thread|async|sleep/ &&
  FILENAME ~ /^reconciler\// { Doors() }

function Doors() {
  if (Word("system_clock::now") || Word("steady_clock::now") || Word("high_resolution_clock") ||
      Word("utc_clock::now") || Called("time") || Called("clock") || Called("gettimeofday") ||
      Called("clock_gettime") || Called("timespec_get") || Called("localtime") ||
      Called("localtime_r") || Called("mktime")) {
    Complain("time comes through the door Clock")
  }
  if (Word("random_device") || Called("rand") || Called("srand") || Called("random") ||
      Called("getrandom") || Called("getentropy") || Called("arc4random") || Word("RAND_bytes") ||
      Word("mt19937") || Word("mt19937_64") || Word("default_random_engine") ||
      Word("uniform_int_distribution") || Word("uniform_real_distribution")) {
    Complain("randomness comes through the door Random")
  }
  if (Called("getenv") || Called("secure_getenv") || Called("setenv") || Word("environ")) {
    Complain("the environment is read by the program only")
  }
  if (Called("fopen") || Called("open") || Called("opendir") || Word("ifstream") ||
      Word("ofstream") || Word("fstream") || Word("std::filesystem")) {
    Complain("files come through the doors FileTree and StateStore")
  }
  if (Word("std::cout") || Word("std::cerr") || Word("std::clog") || Called("printf") ||
      Called("fprintf") || Called("puts") || Called("fputs") || Word("fmt::print")) {
    Complain("the rooms print nothing: return a value or emit an event")
  }
  if (Called("system") || Called("popen") || Called("fork") || Called("execve")) {
    Complain("the rooms start no program")
  }
  # The one I/O thread, with what it needs to be woken and joined.
  if (FILENAME ~ /^reconciler\/batch\/curl_transport/) return
  if (Word("std::thread") || Word("std::jthread") || Called("async") || Word("pthread_create") ||
      /include *<thread>/) {
    Complain("no thread is started in reconciler/ but the transport's")
  }
  if (Called("sleep_for") || Called("sleep_until") || Called("sleep") || Called("usleep") ||
      Called("nanosleep") || Word("sleep_for") || Word("sleep_until")) {
    Complain("waiting goes through the door Clock")
  }
}

END { exit bad }
