#!/bin/sh
# Trains what engines/language ships: train.sh MODEL_FOLDER LABELLED_FOLDER [RECIPE...]
# MODEL_FOLDER is that of all-minilm-l6-v2; recipes are words, dictionary, names, syntax, languages, gazetteer, sentiment; all in that order if none is named.
set -e
model=$1
labelled=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
classpath=$(mktemp)
mvn -o -q -pl engines/language -am test-compile dependency:build-classpath -Dmdep.outputFile="$classpath"
everyday=$here/../guard/data/training
out=$here/src/main/resources/dev/outcrop/engines/language
recipe() {
    class=$1
    shift
    java -Xmx3g --enable-native-access=ALL-UNNAMED \
        -cp "$out/../../../..:$here/target/classes:$here/target/test-classes:$here/../embedding/target/classes:$(cat "$classpath")" \
        "dev.outcrop.engines.language.$class" "$@"
}
for step in ${@:-words dictionary names syntax languages gazetteer sentiment}; do
    case $step in
        words) recipe training.WordVectorRecipe "$model" "$out/words.bin.gz" ;;
        names) recipe entities.EntityRecipe "$labelled/language/entities.jsonl" "$labelled/pii/synthetic.jsonl" "$out/entities/entities.bin.gz" \
            "$everyday/harmless.txt" "$everyday/requests.txt" ;;
        dictionary)
            recipe training.SyntaxTeacher "$labelled/language/sentiment.jsonl" "$labelled/language/entities.jsonl" "$out/tagging/tags.txt.gz"
            ;;
        syntax) recipe training.SyntaxRecipe "$labelled/language/parts_of_speech.jsonl" "$out/syntax.bin.gz" ;;
        sentiment)
            recipe sentiment.SentimentRecipe "$model" "$labelled/language/sentiment.jsonl" "$labelled/language/entities.jsonl" \
                "$here/target/tokens.bin" "$out/sentiment/sentiment.bin.gz"
            ;;
        languages)
            recipe training.LanguageRecipe "$HOME/.m2/repository/com/github/pemistahl/lingua/1.2.2/lingua-1.2.2.jar" \
                "$out/languages.bin.gz"
            ;;
        gazetteer)
            wheel=$(mktemp -d)
            pip download -q --no-deps -d "$wheel" faker==40.54.0
            recipe training.GazetteerRecipe "$wheel"/faker-*.whl "$out/european/names.txt.gz"
            rm -r "$wheel"
            ;;
        *) echo "no recipe $step" >&2; exit 2 ;;
    esac
done
