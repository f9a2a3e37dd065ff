#!/bin/sh
# Trains what engines/language ships: train.sh MODEL_FOLDER LABELLED_FOLDER [RECIPE...]
# MODEL_FOLDER is that of all-minilm-l6-v2; recipes are words, names, speech, languages, sentiment; all in that order if none is named.
set -e
model=$1
labelled=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
mvn -o -q -pl engines/language -am test-compile
classpath=$(mktemp)
mvn -o -q -pl engines/language -am dependency:build-classpath -Dmdep.outputFile="$classpath"
out=$here/src/main/resources/dev/outcrop/engines/language
recipe() {
    class=$1
    shift
    java -Xmx3g --enable-native-access=ALL-UNNAMED \
        -cp "$out/../../../..:$here/target/classes:$here/../embedding/target/classes:$(cat "$classpath")" \
        "dev.outcrop.engines.language.$class" "$@"
}
for step in ${@:-words names}; do
    case $step in
        words) recipe training.WordVectorRecipe "$model" "$out/words.bin.gz" ;;
        names) recipe entities.EntityRecipe "$labelled/language/entities.jsonl" "$labelled/pii/synthetic.jsonl" "$out/entities/entities.bin.gz" ;;
        *) echo "no recipe $step" >&2; exit 2 ;;
    esac
done
